import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOfBlockHash, equalBytes, LEAF_BYTES } from '../content/index.ts'
import { connectHttpSource } from './http-source.ts'
import type { ContentRequest } from './network.ts'

const SLICES = [0, 1, 2].map((fill) => new Uint8Array(fill === 2 ? 100 : LEAF_BYTES).fill(fill + 1))
const CONTENT = {
  root: cidOfBlockHash(`0x${'ab'.repeat(32)}`),
  sliceCount: SLICES.length,
  leafBytes: 2 * LEAF_BYTES + 100,
  verify: (index: number, bytes: Uint8Array) => equalBytes(bytes, SLICES[index] ?? new Uint8Array()),
}
const PROVIDER = { peerId: 'peer', multiaddrs: [], url: 'http://seeder.example' }
const head = (slices = '0,2'): Response => new Response(null, { headers: { 'sluice-slices': slices } })
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ error: { code, message: code } }), { status, headers })
const good = (index: number): Response => new Response(SLICES[index] as Uint8Array<ArrayBuffer>, { status: 206 })

/** A source behind a listener that gives these answers, one after the other, after its answer to HEAD. */
async function connect(answers: readonly (Response | Promise<Response>)[], announced = head()) {
  const asked: ContentRequest[] = []
  const queue = [announced, ...answers]
  const controller = new AbortController()
  const network = {
    requestContent: async (_provider: unknown, _root: unknown, request: ContentRequest) => {
      asked.push(request)
      return queue.shift() ?? refusal(500, 'INTERNAL')
    },
  }
  const source = await connectHttpSource(PROVIDER, { ...CONTENT, network, signal: controller.signal })
  return { source, asked, controller }
}

describe('source of public slices over HTTP', () => {
  it('has what the listener says, and fetches a slice by its range for nothing', async () => {
    const { source, asked } = await connect([good(0), good(2)])
    assert.deepEqual([0, 1, 2].map(source.has), [true, false, true])
    assert.deepEqual(await source.fetch(0), SLICES[0])
    assert.deepEqual(await source.fetch(2), SLICES[2])
    const ranges = asked.map(({ method, headers }) => [method, headers?.['range']])
    const expected = [
      ['HEAD', undefined],
      ['GET', `bytes=0-${LEAF_BYTES - 1}`],
      ['GET', `bytes=${2 * LEAF_BYTES}-${2 * LEAF_BYTES + 99}`],
    ]
    assert.deepEqual(ranges, expected)
    assert.deepEqual([source.price, source.paid(), source.delivered()], [0n, 0n, 2])
  })

  it('refuses bytes that are not the slice, too few of them, and too many', async () => {
    const short = new Response(new Uint8Array(5), { status: 206 })
    const long = new Response(new Uint8Array(LEAF_BYTES + 1), { status: 206 })
    const { source } = await connect([new Response(new Uint8Array(LEAF_BYTES), { status: 206 }), short, long])
    await assert.rejects(source.fetch(0), { code: 'SLICE_CORRUPT' })
    await assert.rejects(source.fetch(0), { code: 'SLICE_CORRUPT' })
    await assert.rejects(source.fetch(0), { code: 'PROTOCOL_VIOLATION' })
    assert.equal(source.delivered(), 0)
  })

  it('waits as long as it is told to when it asked for too much, and gives up in the end', async () => {
    const busy = () => refusal(429, 'RATE_LIMITED', { 'retry-after': '0' })
    const { source } = await connect([busy(), busy(), good(0), ...Array.from({ length: 6 }, busy)])
    assert.deepEqual(await source.fetch(0), SLICES[0])
    await assert.rejects(source.fetch(0), { code: 'RATE_LIMITED' })
  })

  it('passes on why a slice is refused', async () => {
    const { source } = await connect([refusal(409, 'SLICE_MISSING')])
    await assert.rejects(source.fetch(0), { code: 'SLICE_MISSING' })
  })

  it('ends what waits when it is closed', async () => {
    const busy = refusal(429, 'RATE_LIMITED', { 'retry-after': '9' })
    const { source } = await connect([busy])
    const fetched = source.fetch(0)
    const rejected = assert.rejects(fetched, { code: 'ABORTED' })
    await source.close()
    await rejected
    assert.equal(await source.closed, undefined)
  })

  it('does not connect to who has nothing public, or does not say what', async () => {
    const none = async (announced: Response, code: string) =>
      assert.rejects(connect([], announced), { code }, `${announced.status}`)
    await none(new Response(null, { status: 404 }), 'CONTENT_UNKNOWN')
    await none(new Response(null, { status: 403 }), 'NOT_ENTITLED')
    await none(new Response(null, { status: 500 }), 'PROTOCOL_VIOLATION')
    for (const slices of ['', '3', '2-1', 'x', '0-9']) await none(head(slices), 'PROTOCOL_VIOLATION')
  })
})
