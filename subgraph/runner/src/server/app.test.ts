import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { QueryRequest, QueryResponse } from '../graphql/index.ts'
import { createApp } from './app.ts'
import { createQueryMetrics } from './metrics.ts'

function createTestApp(options: Partial<createApp.Options> = {}) {
  const asked: QueryRequest[] = []
  const faults: unknown[] = []
  const execute = (request: QueryRequest): QueryResponse => {
    asked.push(request)
    return { data: { asked: asked.length } }
  }
  const app = createApp({
    executor: { execute },
    blocks: { head: () => ({ number: 7, hash: '0x07' }) },
    name: 'some/name',
    deployment: 'QmTest',
    metrics: createQueryMetrics(),
    readMetrics: () => Promise.resolve('indexer_metric 1\n'),
    onFault: (error) => faults.push(error),
    ...options,
  })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
  return { app, asked, faults, post }
}

describe('the query server', () => {
  it('answers at the root and at the paths of graph-node', async () => {
    const { post, asked } = createTestApp()
    for (const path of ['/', '/graphql', '/subgraphs/name/some/name', '/subgraphs/id/QmTest']) {
      const response = await post(path, { query: '{ a }', variables: { b: 1 }, operationName: 'c' })
      assert.deepEqual([response.status, await response.json()], [200, { data: { asked: asked.length } }])
    }
    assert.deepEqual(asked[0], { query: '{ a }', variables: { b: 1 }, operationName: 'c' })
    assert.equal((await post('/subgraphs/name/other', { query: '{ a }' })).status, 404)
  })

  it('answers errors of a query with 200, as graph-node does', async () => {
    const { post } = createTestApp({ executor: { execute: () => ({ errors: [{ message: 'no' }] }) } })
    const response = await post('/', { query: '{ a }' })
    assert.deepEqual([response.status, await response.json()], [200, { errors: [{ message: 'no' }] }])
  })

  it('says so in the place of an answer that is too long', async () => {
    const execute = (): QueryResponse => ({ data: { text: 'ä'.repeat(100) } })
    const { post } = createTestApp({ executor: { execute }, maxAnswerBytes: 150 })
    const response = await post('/', { query: '{ a }' })
    const errors = [{ message: 'the result size is too large. Fetch less than 150 bytes' }]
    assert.deepEqual([response.status, await response.json()], [200, { errors }])
  })

  it('refuses what holds no query', async () => {
    const { post, asked } = createTestApp()
    const bodies = [
      '',
      'no json',
      '[]',
      '{}',
      '{"query":1}',
      '{"query":"{a}","variables":[1]}',
      '{"query":"{a}","variables":"x"}',
    ]
    for (const body of bodies) {
      const response = await post('/', body)
      assert.equal(response.status, 400, body)
      assert.equal(typeof ((await response.json()) as { errors: { message: string }[] }).errors[0]?.message, 'string')
    }
    assert.equal(asked.length, 0)
    assert.equal((await post('/', { query: '{ a }', variables: null })).status, 200)
  })

  it('refuses a body that is too large, announced or not', async () => {
    const { app, post, asked } = createTestApp({ maxBodyBytes: 100 })
    const large = { query: `{ ${'a'.repeat(100)} }` }
    assert.equal((await post('/', large, { 'content-length': '500' })).status, 413)
    const stream = new Blob([JSON.stringify(large)]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    assert.equal((await app.request('/', init)).status, 413)
    assert.equal(asked.length, 0)
  })

  it('sends clients away while too many are being read', async () => {
    const { app } = createTestApp({ maxUnderWay: 1 })
    const body = new TransformStream<Uint8Array, Uint8Array>()
    const init = { method: 'POST', body: body.readable, duplex: 'half' } as RequestInit
    const slow = app.request('/', init)
    const turnedAway = await app.request('/', { method: 'POST', body: '{"query":"{a}"}' })
    assert.equal(turnedAway.status, 503)
    assert.match(await turnedAway.text(), /service is overloaded/)
    const writer = body.writable.getWriter()
    await writer.write(new TextEncoder().encode('{"query":"{a}"}'))
    await writer.close()
    assert.equal((await slow).status, 200)
    assert.equal((await app.request('/', { method: 'POST', body: '{"query":"{a}"}' })).status, 200)
  })

  it('keeps to itself why it failed', async () => {
    const { post, faults } = createTestApp({
      executor: {
        execute: () => {
          throw new Error('a secret')
        },
      },
    })
    const response = await post('/', { query: '{ a }' })
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /secret/)
    assert.match(String(faults[0]), /a secret/)
  })

  it('lets pages of any origin ask', async () => {
    const { app, post } = createTestApp()
    const response = await post('/', { query: '{ a }' }, { origin: 'https://page.example' })
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    const preflight = await app.request('/', {
      method: 'OPTIONS',
      headers: { origin: 'https://page.example', 'access-control-request-method': 'POST' },
    })
    assert.deepEqual(
      [preflight.status, preflight.headers.get('access-control-allow-headers')],
      [204, 'Content-Type,User-Agent'],
    )
  })

  it('is healthy once a block is indexed', async () => {
    const healthy = await createTestApp().app.request('/healthz')
    assert.deepEqual(
      [healthy.status, await healthy.json()],
      [200, { status: 'ok', block: { number: 7, hash: '0x07' } }],
    )
    assert.equal((await createTestApp({ blocks: { head: () => undefined } }).app.request('/healthz')).status, 503)
  })

  it('counts queries by how they end, and adds the indexer’s metrics', async () => {
    const { app, post } = createTestApp()
    await post('/', { query: '{ a }' })
    await post('/', 'no json')
    const text = await (await app.request('/metrics')).text()
    assert.match(text, /subgraph_runner_queries_total\{result="data"\} 1/)
    assert.match(text, /subgraph_runner_queries_total\{result="refused"\} 1/)
    assert.match(text, /subgraph_runner_query_duration_seconds_count\{result="data"\} 1/)
    assert.match(text, /subgraph_runner_queries_under_way 0/)
    assert.match(text, /indexer_metric 1/)
  })
})
