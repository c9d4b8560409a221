import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { Edition, KeyOffer } from '@sluice/sdk/chain'
import { zeroAddress } from 'viem'
import { pickOffer } from './choose-offer.ts'
import { offerLines } from './offers.ts'

const TOKEN = `0x${'ee'.repeat(20)}` as const
const seller = `0x${'ad'.repeat(20)}` as const
const contentId = `0x${'c0'.repeat(32)}` as const
const edition = { editionId: 7n } as Edition
const wanted = { contentId, seller, quantity: 1n, token: zeroAddress }

function offer(unitPrice: bigint, token: KeyOffer['listing']['token'], available = 1n): KeyOffer {
  const listing = { editionId: 7n, seller, unitPrice, token, quantity: available, available, expiry: 1_700_000_000n }
  return { edition, listing }
}

describe('choosing what a holder resells', () => {
  it('takes the first that has so many keys, in the token that is meant', () => {
    const [few, many] = [offer(1n, TOKEN), offer(2n, TOKEN, 3n)]
    assert.equal(pickOffer([offer(1n, zeroAddress), few, many], { ...wanted, token: TOKEN }), few)
    assert.equal(pickOffer([offer(1n, zeroAddress), few, many], { ...wanted, token: TOKEN, quantity: 2n }), many)
  })

  it('refuses what is asked for in another token, and says what that is', () => {
    assert.throws(
      () => pickOffer([offer(5n, TOKEN)], wanted),
      (error) => isSluiceError(error, 'BAD_INPUT') && error.message.includes(`asks 5 base units of ${TOKEN}`),
    )
  })

  it('finds nothing where nobody has so many keys', () => {
    assert.throws(
      () => pickOffer([offer(5n, zeroAddress)], { ...wanted, quantity: 2n }),
      (error) => isSluiceError(error, 'NOT_FOUND'),
    )
  })
})

describe('an offer that is listed', () => {
  it('comes with the whole command that buys it, its price and token included', () => {
    const command = `  sluice buy ${contentId} --from ${seller} --edition 7 --max-price`
    assert.equal(offerLines(contentId, offer(10n ** 16n, zeroAddress))[1], `${command} 0.01`)
    assert.equal(offerLines(contentId, offer(5n, TOKEN))[1], `${command} 5 --token ${TOKEN}`)
  })
})
