import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createClient, custom, zeroAddress } from 'viem'
import { contractsBy } from '../chain/index.ts'
import type { KeyOffer, WriteClient } from '../chain/index.ts'
import { isSluiceError } from '../errors.ts'
import { buyOffer } from './buy-offer.ts'
import type { Reader } from './context.ts'

describe('buying of a holder', () => {
  it('asks and sends nothing where more is wanted than was agreed to', async () => {
    const asked: string[] = []
    const request = ({ method }: { method: string }) => {
      asked.push(method)
      return Promise.reject(new Error('nothing should be asked'))
    }
    const account = { address: zeroAddress, type: 'json-rpc' } as const
    const client: WriteClient = createClient({ account, transport: custom({ request }, { retryCount: 0 }) })
    const reader = { contracts: contractsBy(() => zeroAddress) } as unknown as Reader
    const listing = { editionId: 1n, seller: zeroAddress, unitPrice: 6n, token: zeroAddress, available: 1n }
    const offer = { edition: { editionId: 1n }, listing } as unknown as KeyOffer
    const { signal } = new AbortController()
    await assert.rejects(buyOffer(reader, client, { offer, maxPrice: 5n, signal }), (error) =>
      isSluiceError(error, 'PRICE_TOO_HIGH'),
    )
    assert.deepEqual(asked, [])
  })
})
