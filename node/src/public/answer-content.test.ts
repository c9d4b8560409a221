import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, afterEach, describe, it } from 'node:test'
import { LEAF_BYTES } from '@sluice/sdk/content'
import { Hono } from 'hono'
import { answerError, bindListener } from '../http/index.ts'
import { createPlaces } from '../net/index.ts'
import type { Places } from '../net/index.ts'
import type { SlicePolicy } from '../protocols/slice/index.ts'
import { connect, makeContent, startSeeder, stopSeeders } from '../testing/exchange.ts'
import { createCleanup, quiet } from '../testing/peers.ts'
import { answerContent } from './answer-content.ts'

const cleanup = createCleanup()
const SLICES = 8
const PREVIEW = [{ first: 0, last: 2 }]
const PREFIX = '127.0.0'

/** A seeder of one sealed and one open content, of full slices, and its listener. */
async function start(options: { policy?: Partial<SlicePolicy>; places?: number } = {}) {
  const sealed = makeContent(SLICES, { sliceBytes: LEAF_BYTES })
  const open = makeContent(2, { open: true, sliceBytes: LEAF_BYTES })
  const contents = [sealed, open]
  const seeder = await startSeeder({
    contents,
    publicSlices: PREVIEW,
    ...(options.policy && { policy: options.policy }),
  })
  const places = createPlaces(options.places ?? 16)
  const { publicReader: reader } = seeder.service
  const app = new Hono()
  app.onError((error, context) => answerError(error, context, quiet))
  /** Whether all of an answer had been taken when its place was left, for each that was. */
  const left: boolean[] = []
  const leftBy = Promise.withResolvers<undefined>()
  const watch = (outgoing: ServerResponse): Places => ({
    take(prefix) {
      const leave = places.take(prefix)
      if (leave === undefined) return undefined
      return () => {
        left.push(outgoing.writableFinished)
        leave()
        leftBy.resolve(undefined)
      }
    },
  })
  app.get('/slices/:root', (context) => {
    const { outgoing } = context.env as { outgoing: ServerResponse }
    return answerContent(context, { reader, places: watch(outgoing) }, PREFIX)
  })
  const listener = await bindListener('127.0.0.1', 0)
  cleanup.add(() => listener.close(100))
  listener.serve(app)
  const ask = (content: { root: unknown }, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${listener.origin}/slices/${String(content.root)}`, { method, headers })
  return { sealed, open, seeder, reader, ask, left, untilLeft: leftBy.promise, origin: listener.origin }
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code

describe('public bytes over HTTP', () => {
  after(() => cleanup.run())
  afterEach(() => stopSeeders())

  it('answers a range of the preview with exactly these bytes, sealed as they are', async () => {
    const { sealed, ask } = await start()
    const [first, last] = [LEAF_BYTES - 3, 2 * LEAF_BYTES + 4]
    const answer = await ask(sealed, { range: `bytes=${first}-${last}` })
    assert.equal(answer.status, 206)
    assert.equal(answer.headers.get('content-range'), `bytes ${first}-${last}/${SLICES * LEAF_BYTES}`)
    assert.equal(answer.headers.get('content-length'), String(last - first + 1))
    assert.equal(answer.headers.get('etag'), `"${sealed.root}"`)
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/)
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream')
    assert.deepEqual(await bytesOf(answer), Buffer.concat(sealed.slices).subarray(first, last + 1))
  })

  it('gives nothing behind the preview, and lets nobody keep the refusal', async () => {
    const { sealed, ask } = await start()
    const clipped = await ask(sealed, { range: 'bytes=0-' })
    assert.equal(clipped.headers.get('content-range'), `bytes 0-${3 * LEAF_BYTES - 1}/${SLICES * LEAF_BYTES}`)
    assert.deepEqual(await bytesOf(clipped), Buffer.concat(sealed.slices.slice(0, 3)))
    for (const headers of [{ range: `bytes=${3 * LEAF_BYTES}-` }, { range: 'bytes=-1' }, {}]) {
      const refused = await ask(sealed, headers)
      assert.deepEqual([refused.status, refused.headers.get('cache-control')], [403, null])
      assert.equal(await codeOf(refused), 'NOT_ENTITLED')
    }
    const behind = await ask(sealed, { range: `bytes=${SLICES * LEAF_BYTES}-` })
    assert.deepEqual([behind.status, behind.headers.get('content-range')], [416, `bytes */${SLICES * LEAF_BYTES}`])
  })

  it('gives open content in whole, and not again to who has it', async () => {
    const { open, ask } = await start()
    const whole = await ask(open)
    assert.equal(whole.status, 200)
    assert.deepEqual(await bytesOf(whole), Buffer.concat(open.slices))
    const etag = whole.headers.get('etag') ?? ''
    assert.equal((await ask(open, { 'if-none-match': etag })).status, 304)
    assert.equal((await ask(open, { 'if-range': etag, range: 'bytes=0-0' })).status, 206)
    assert.equal((await ask(open, { 'if-range': '"other"', range: 'bytes=0-0' })).status, 200)
  })

  it('tells by HEAD which slices are public, for nothing', async () => {
    const { sealed, ask } = await start({ policy: { publicBytesPerMinute: 0 } })
    const head = await ask(sealed, {}, 'HEAD')
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('sluice-slices'), '0-2')
    assert.equal(head.headers.get('accept-ranges'), 'bytes')
    assert.equal(head.headers.get('content-length'), String(SLICES * LEAF_BYTES))
  })

  it('says what it does not have, and what is no CID', async () => {
    const { ask } = await start()
    assert.equal((await ask(makeContent(1))).status, 404)
    assert.equal((await ask({ root: 'nonsense' })).status, 400)
  })

  it('takes whole slices out of the one budget that an anonymous Hello draws from', async () => {
    const { sealed, open, seeder, ask } = await start({ policy: { publicBytesPerMinute: 3 * LEAF_BYTES } })
    assert.equal((await ask(sealed, { range: `bytes=${LEAF_BYTES - 1}-${LEAF_BYTES}` })).status, 206)
    const refused = await ask(sealed, { range: `bytes=${LEAF_BYTES - 1}-${LEAF_BYTES}` })
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1'])
    const source = await connect(seeder, open, { remote: { addressPrefix: PREFIX } })
    await source.fetch(0)
    await assert.rejects(source.fetch(1), { code: 'RATE_LIMITED' })
  })

  it('gives back what nobody stayed to take, and the place', async () => {
    const { sealed, reader, origin } = await start({ places: 4, policy: { publicBytesPerMinute: 3 * LEAF_BYTES } })
    const released = Promise.withResolvers<number>()
    const release = reader.release.bind(reader)
    Object.assign(reader, {
      release: (prefix: string, slices: number) => {
        release(prefix, slices)
        released.resolve(slices)
      },
      // The answer stands at its second slice for as long as somebody is there.
      read: async (_content: unknown, index: number) => {
        if (index > 0) await released.promise
        return sealed.slices[index]
      },
    })
    const url = `${origin}/slices/${sealed.root}`
    const headers = { range: `bytes=0-${3 * LEAF_BYTES - 1}` }
    const request = get(url, { headers })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response, 'data')
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    request.destroy()
    assert.ok((await released.promise) >= 1)
    const again = await fetch(url, { headers: { range: 'bytes=0-0' } })
    assert.equal(again.status, 206)
    assert.equal((await bytesOf(again)).length, 1)
  })

  it('holds its place until the last slice was taken, and no longer', async () => {
    const { sealed, ask, left, untilLeft } = await start({ places: 4 })
    const first = await ask(sealed, { range: 'bytes=0-' })
    assert.equal((await bytesOf(first)).length, 3 * LEAF_BYTES)
    await untilLeft
    assert.deepEqual(left, [true])
    assert.equal((await ask(sealed, { range: 'bytes=0-0' })).status, 206)
  })

  it('breaks off where a slice has gone meanwhile', async () => {
    const { sealed, ask, reader } = await start()
    const { read } = reader
    Object.assign(reader, {
      read: (content: Parameters<typeof read>[0], index: number) =>
        index === 2 ? Promise.resolve(undefined) : read(content, index),
    })
    await assert.rejects(async () => bytesOf(await ask(sealed, { range: 'bytes=0-' })), TypeError)
  })
})
