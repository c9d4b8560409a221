import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { IndexReader } from '@sluice/sdk/graph'
import { createPublicClient, custom, defineChain } from 'viem'
import { askIndex, describeIndex, readPaging, showPage } from './ask-index.ts'
import type { Context } from './context.ts'
import type { Output } from './output.ts'

const chain = defineChain({
  id: 1,
  name: 'test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [] } },
})

/** A command's context whose index and chain are at these blocks; and the remarks that it was left. */
function contextAt(indexBlock: number | SluiceError, chainBlock: bigint) {
  const notes: string[] = []
  const head = () => (typeof indexBlock === 'number' ? Promise.resolve(indexBlock) : Promise.reject(indexBlock))
  const transport = custom({ request: () => Promise.resolve(`0x${chainBlock.toString(16)}`) })
  const context: Pick<Context, 'signal' | 'index' | 'publicClient'> & { output: Pick<Context['output'], 'note'> } = {
    signal: new AbortController().signal,
    output: { note: (line) => notes.push(line) },
    index: () => ({ head }) as IndexReader,
    publicClient: () => Promise.resolve(createPublicClient({ chain, transport })),
  }
  return { context, notes }
}

const question = () => Promise.resolve('an answer')

describe('asking the index', () => {
  it('says nothing of an index that is where the chain is', async () => {
    const { context, notes } = contextAt(98, 100n)
    assert.deepEqual(await askIndex(context, question), { answer: 'an answer', index: { block: 98, behind: 2 } })
    assert.deepEqual(notes, [])
  })

  it('says how far an index is behind, beside its answer', async () => {
    const { context, notes } = contextAt(58, 100n)
    assert.deepEqual(await askIndex(context, question), { answer: 'an answer', index: { block: 58, behind: 42 } })
    assert.deepEqual(notes, ['The index is 42 blocks behind the chain: what was mined since is not listed.'])
  })

  it('says of an index that is ahead of the chain that it may be of another', () => {
    assert.match(describeIndex({ block: 500, behind: 0, notable: 'ahead' }) ?? '', /block 500, .* another chain\?/)
  })

  it('fails where the index does, instead of listing something else', async () => {
    const { context } = contextAt(new SluiceError('INDEX_UNAVAILABLE', 'The index does not answer.'), 100n)
    await assert.rejects(askIndex(context, question), (error) => isSluiceError(error, 'INDEX_UNAVAILABLE'))
  })
})

describe('pages', () => {
  it('are as long as was asked for, from where the last one ended', () => {
    assert.deepEqual(readPaging({ first: '5' }), { first: 5 })
    assert.deepEqual(readPaging({ first: '100', after: '7:0x01' }), { first: 100, cursor: '7:0x01' })
    for (const first of ['0', '101', '-1', '1.5', 'all']) {
      assert.throws(
        () => readPaging({ first }),
        (error) => isSluiceError(error, 'BAD_INPUT'),
        first,
      )
    }
  })

  /** What programs and people are shown of a page with these lines. */
  function shown(lines: readonly string[], cursor: string | undefined) {
    const results: unknown[] = []
    const result: Output['result'] = (value, people) => void results.push(value, people)
    const page = { fields: { keys: lines.length }, lines, none: 'No key.', command: 'keys --holder ada', first: '1' }
    showPage({ result }, { ...page, cursor, index: { block: 9, behind: 0 } })
    return results
  }

  it('name the command for the next one, if there is one', () => {
    const index = { block: 9, behind: 0 }
    assert.deepEqual(shown(['a key'], '7:0x01'), [
      { keys: 1, next: '7:0x01', index },
      ['a key', 'More: sluice keys --holder ada --first 1 --after 7:0x01'],
    ])
    assert.deepEqual(shown(['a key'], undefined), [{ keys: 1, next: null, index }, ['a key']])
  })

  it('say so where there is nothing', () => {
    assert.deepEqual(shown([], undefined)[1], ['No key.'])
  })
})
