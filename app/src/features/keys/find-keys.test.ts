import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { contractsBy } from '@sluice/sdk/chain'
import type { IndexReader } from '@sluice/sdk/graph'
import { createClient, custom } from 'viem'
import { findEditions } from './find-keys.ts'

const HOLDER = `0x${'ad'.repeat(20)}` as const
const wanted = {
  contracts: contractsBy(() => HOLDER),
  holder: HOLDER,
  signal: new AbortController().signal,
}

/** A chain without any log; `asked` has the methods it was asked. */
function emptyChain() {
  const asked: string[] = []
  const request = ({ method }: { method: string }) => {
    asked.push(method)
    return Promise.resolve(method === 'eth_blockNumber' ? '0x5' : [])
  }
  return { client: createClient({ transport: custom({ request }) }), asked }
}

function indexOf(...pages: readonly (readonly bigint[])[]): Pick<IndexReader, 'keyHoldings'> & { asked(): number } {
  let asked = 0
  return {
    asked: () => asked,
    keyHoldings: ({ cursor }) => {
      asked += 1
      const place = Number(cursor ?? 0)
      const rows = (pages[place % pages.length] ?? []).map((editionId) => ({ editionId }))
      return Promise.resolve({ rows, ...(place + 1 < pages.length && { cursor: String(place + 1) }) })
    },
  }
}

const failing = (code: ErrorCode): Pick<IndexReader, 'keyHoldings'> => ({
  keyHoldings: () => Promise.reject(new SluiceError(code, 'It failed.')),
})

describe('findEditions', () => {
  it('takes all pages of an index, each edition once, and asks no logs', async () => {
    const { client, asked } = emptyChain()
    assert.deepEqual(await findEditions(client, indexOf([3n, 2n], [2n, 1n]), wanted), [3n, 2n, 1n])
    assert.deepEqual(asked, [])
  })

  it('stops where an index has no end', async () => {
    const { client } = emptyChain()
    const index = indexOf(...Array.from({ length: 50 }, (_, page) => [BigInt(page)]))
    assert.equal((await findEditions(client, index, wanted)).length, 2)
    assert.equal(index.asked(), 2)
  })

  it('reads the logs where there is no index, and where it fails', async () => {
    for (const index of [undefined, failing('INDEX_UNAVAILABLE'), failing('PROTOCOL_VIOLATION')]) {
      const { client, asked } = emptyChain()
      assert.deepEqual(await findEditions(client, index, wanted), [])
      assert.deepEqual(asked, ['eth_blockNumber', 'eth_getLogs', 'eth_getLogs'])
    }
  })

  it('does not go on once it was given up', async () => {
    const { client, asked } = emptyChain()
    await assert.rejects(findEditions(client, failing('ABORTED'), wanted), (error) => isSluiceError(error, 'ABORTED'))
    assert.deepEqual(asked, [])
  })
})
