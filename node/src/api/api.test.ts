import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { Registry } from 'prom-client'
import { bindListener } from '../http/index.ts'
import type { DownloadContent, Jobs } from '../jobs/types.ts'
import type { Store } from '../store/index.ts'
import { createCleanup, quiet, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import { createNodeClient } from './client.ts'
import { createAdminApp } from './index.ts'
import type { DownloadRequest, Job, NodeStatus } from './types.ts'

const TOKEN = 'a-token-of-more-than-thirty-two-characters'
const PAGE = 'http://127.0.0.1:3000'
const PLAINTEXT = new TextEncoder().encode('0123456789')

const cleanup = createCleanup()
let origin = ''
let store: Store
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

/** Jobs that have run already: what the routes do with them is what is tested here. */
const JOB: Job = {
  id: 'j',
  kind: 'download',
  content: 'c',
  state: 'running',
  slices: 2,
  done: 1,
  bytes: 5,
  paid: '7',
  sources: [],
}
let asked: DownloadRequest | undefined
const finishedJobs: Jobs = {
  startSeed: () => Promise.resolve('j'),
  startDownload: (request) => {
    asked = request
    return Promise.resolve('j')
  },
  startReplica: () => Promise.resolve(undefined),
  resumeReplica: () => Promise.reject(new Error('not here')),
  startScrub: () => Promise.resolve('j'),
  get: (id) => (id === 'j' ? JOB : undefined),
  async *events() {
    yield JOB
    yield { ...JOB, done: 2, state: 'done' }
  },
  cancel: () => Promise.resolve(),
  content: (): Promise<DownloadContent> =>
    Promise.resolve({
      byteSize: PLAINTEXT.length,
      mime: 'text/html',
      name: 'naïve "name".html',
      async *read(first, last) {
        yield PLAINTEXT.subarray(first, last + 1)
      },
    }),
  stop: () => Promise.resolve(),
}

before(async () => {
  store = await startStore(cleanup)
  const listener = await bindListener('127.0.0.1', 0)
  cleanup.add(() => listener.close(100))
  origin = listener.origin
  const app = createAdminApp(
    {
      store,
      jobs: finishedJobs,
      accounting: {
        channels: () => Promise.resolve([]),
        earnings: () => Promise.reject(new TypeError('a secret inside')),
        earned: () => new Map(),
        claim: () => Promise.resolve([]),
      },
      replication: { set: (root, replicas) => store.setReplicas(root, replicas), found: () => 2 },
      checkRegistration: () => Promise.resolve(),
      status: () => ({ name: 'test' }) as NodeStatus,
      peers: () => Promise.resolve([]),
      health: () => ({ ok: true, chainHealthy: true, peers: 0 }),
      metrics: new Registry(),
      log: quiet,
    },
    { token: TOKEN, port: listener.port, allowedOrigins: [PAGE] },
  )
  listener.serve(app)
})
after(() => cleanup.run())

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** A raw request, with any header: `fetch` does not let a caller choose Host. */
function send(path: string, options: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {}) {
  const { method = 'GET', headers = {}, body } = options
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(origin + path, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const authorization = `Bearer ${TOKEN}`
const codeOf = ({ text }: Answer): unknown => (JSON.parse(text) as { error: { code: unknown } }).error.code

describe('admin API', () => {
  it('refuses callers without the token, or with another', async () => {
    const strangers: Record<string, string>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: TOKEN },
      { cookie: `token=${TOKEN}` },
    ]
    for (const headers of strangers) {
      const answer = await send('/v1/status', { headers })
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'UNAUTHORIZED'])
    }
    assert.equal((await send('/v1/status', { headers: { authorization } })).status, 200)
    assert.equal((await send('/metrics')).status, 401)
    assert.equal((await send('/healthz')).status, 200)
  })

  it('refuses another Host even with the token, as after DNS rebinding', async () => {
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1']) {
      const answer = await send('/v1/status', { headers: { authorization, host } })
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'ORIGIN_REFUSED'])
    }
  })

  it('refuses pages of other origins and answers those on the list, preflight included', async () => {
    for (const foreign of ['http://evil.example', 'null', `${PAGE}.evil.example`]) {
      const answer = await send('/v1/status', { headers: { authorization, origin: foreign } })
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'ORIGIN_REFUSED'])
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
    const preflight = await send('/v1/uploads/x/slices/0', { method: 'OPTIONS', headers: { origin: PAGE } })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers['access-control-allow-origin'], PAGE)
    assert.match(preflight.headers['access-control-allow-methods'] ?? '', /PUT/)
    assert.equal(preflight.headers['access-control-allow-credentials'], undefined)
  })

  it('refuses bodies that are too large, announced or not', async () => {
    const body = new Uint8Array(262_145)
    for (const headers of [{ authorization }, { authorization, 'transfer-encoding': 'chunked' }]) {
      const answer = await send('/v1/uploads/x/slices/0', { method: 'PUT', headers, body })
      assert.deepEqual([answer.status, codeOf(answer)], [413, 'BODY_TOO_LARGE'])
    }
  })

  it('keeps what failed inside to its log', async () => {
    const answer = await send('/v1/earnings', { headers: { authorization } })
    assert.deepEqual([answer.status, codeOf(answer)], [500, 'INTERNAL'])
    assert.ok(!answer.text.includes('secret'))
  })
})

describe('client of the admin API', () => {
  const client = () => createNodeClient({ url: origin, token: TOKEN })

  it('uploads, resumes and commits', async () => {
    const sample = await sampleContent(300_000)
    const { uploadId } = await client().createUpload({ kind: 'open', sliceCount: 2 })
    await client().putUploadSlice(uploadId, 1, sample.slices[1] ?? new Uint8Array())
    assert.deepEqual(await client().upload(uploadId), { received: btoa('\x02'), count: 1, sliceCount: 2 })
    await client().putBlock(sample.manifestCid, sample.manifest)
    await assert.rejects(client().commitUpload(uploadId, { manifestCid: sample.manifestCid }), refusal('SLICE_MISSING'))
    await client().putUploadSlice(uploadId, 0, sample.slices[0] ?? new Uint8Array())
    const content = await client().commitUpload(uploadId, { manifestCid: sample.manifestCid })
    assert.deepEqual([content.root, content.have, content.origin], [sample.root, 2, true])
    assert.deepEqual(await client().getBlock(sample.manifestCid), sample.manifest)
    assert.equal((await client().pinContent(sample.root, false)).pinned, false)
    await client().removeContent(sample.root)
    assert.deepEqual(await client().contents(), [])
  })

  it('follows a job to its end', async () => {
    const seen: string[] = []
    for await (const { done, state } of client().jobEvents('j')) seen.push(`${done} ${state}`)
    assert.deepEqual(seen, ['1 running', '2 done'])
    await assert.rejects(client().job('unknown'), refusal('JOB_UNKNOWN'))
  })

  it('passes on what a download may cost, in all and for each slice, and takes only amounts', async () => {
    const request = { content: 'c', maxSpend: '100', maxPrice: '7' }
    assert.deepEqual(await client().startDownload(request), { jobId: 'j' })
    assert.deepEqual(asked, request)
    for (const maxPrice of ['-1', '1.5', 'much']) {
      await assert.rejects(client().startDownload({ content: 'c', maxPrice }), refusal('BAD_INPUT'))
    }
  })

  it('reads ranges of a download, which never opens as a page', async () => {
    const whole = await client().downloadContent('j')
    assert.equal(await whole.text(), '0123456789')
    assert.equal(whole.headers.get('content-type'), 'application/octet-stream')
    assert.match(whole.headers.get('content-disposition') ?? '', /^attachment; filename\*=UTF-8''na%C3%AFve/)
    const part = await client().downloadContent('j', { range: { first: 3, last: 5 } })
    assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 3-5/10', '345'])
    const rest = await client().downloadContent('j', { range: { first: 8 } })
    assert.equal(await rest.text(), '89')
    const beyond = await send('/v1/downloads/j/content', { headers: { authorization, range: 'bytes=10-' } })
    assert.equal(beyond.status, 416)
  })

  it('says UNAUTHORIZED, NODE_UNREACHABLE and ABORTED', async () => {
    await assert.rejects(createNodeClient({ url: origin, token: 'x' }).status(), refusal('UNAUTHORIZED'))
    await assert.rejects(createNodeClient({ url: 'http://127.0.0.1:9', token: 'x' }).status(), (error) => {
      return isSluiceError(error, 'NODE_UNREACHABLE') && /npx sluice start/.test(error.hint ?? '')
    })
    await assert.rejects(client().status({ signal: AbortSignal.abort() }), refusal('ABORTED'))
  })
})
