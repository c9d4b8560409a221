import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { createRpc, RpcRefusal } from './rpc.ts'

describe('an answer of an RPC endpoint', () => {
  let answers: unknown[] = []
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    request.resume().once('end', () => response.end(JSON.stringify(answers.length > 1 ? answers.shift() : answers[0])))
  })
  let url = ''

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  const ask = (...given: unknown[]) => {
    answers = given
    asked = 0
    const rpc = createRpc({ urls: [url], maxBackoffMs: 1, tries: 3 })
    return rpc.batch([{ method: 'eth_blockNumber', params: [] }], new AbortController().signal)
  }
  const refusal = (message: string, code = -32000) => ({ jsonrpc: '2.0', id: 0, error: { code, message } })
  const result = { jsonrpc: '2.0', id: 0, result: '0x1' }

  it('is its result where the error is null', async () => {
    assert.deepEqual(await ask({ ...result, error: null }), ['0x1'])
    assert.equal(asked, 1)
  })

  it('is asked for again when there were too many requests', async () => {
    for (const message of ['daily Rate Limit reached', 'Too Many Requests']) {
      assert.deepEqual(await ask(refusal(message), result), ['0x1'])
      assert.equal(asked, 2)
    }
  })

  it('is a refusal when the endpoint cannot do it, whatever letters its words have', async () => {
    await assert.rejects(ask(refusal('failed to generate the logs; narrate less'), result), RpcRefusal)
    assert.equal(asked, 1)
  })
})
