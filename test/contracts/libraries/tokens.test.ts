import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refuses } from '../support/assertions.ts'
import { randomHex } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers

describe('Tokens', () => {
  it('asks no permit of what has no code, and refuses the deposit that follows', async () => {
    const { channels, payer } = await loadFixture(deploySluice)
    const permit = [0n, 27, randomHex(), randomHex()] as const
    const deposit = channels.write.depositWithPermit([NATIVE, 10n, ...permit], { account: payer.account })
    await refuses(deposit, channels, 'SliceChannels_ValueMismatch', [0n, 10n])
  })

  it('leaves the token alone where a key costs nothing', async () => {
    const sluice = await loadFixture(deploySluice)
    const { keys, payer, stranger } = sluice
    const { contentId } = await publish(sluice)
    const account = payer.account
    // An address without code, which every call would fail on.
    const { editionId } = await createEdition(sluice, contentId, { price: 0n, token: stranger.account.address })
    await keys.write.buy([editionId, 1n, account.address, NATIVE, 0n, 1], { account })
    assert.equal(await keys.read.balanceOf([account.address, editionId]), 1n)
  })
})
