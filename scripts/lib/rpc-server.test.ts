import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { startRpcServer } from './rpc-server.ts'

const BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
const POST = { method: 'POST', headers: { 'content-type': 'application/json' } } as const

const ask = (rpcUrl: string) => fetch(rpcUrl, { ...POST, body: BODY })

/** Resolves when a server of this process has read the head of a request. */
function requestStarts(): Promise<void> {
  const channel = 'http.server.request.start'
  return new Promise((resolve) => {
    const started = (): void => {
      unsubscribe(channel, started)
      resolve()
    }
    subscribe(channel, started)
  })
}

describe('a chain’s server', () => {
  it('closes while a request is under way', { timeout: 10_000 }, async (test) => {
    const server = await startRpcServer()
    assert.equal((await ask(server.rpcUrl)).status, 200)
    const started = requestStarts()
    const unfinished = request(server.rpcUrl, POST)
    test.after(() => unfinished.destroy())
    const broken = once(unfinished, 'response')
    unfinished.write(BODY.slice(0, 1))
    await started
    await Promise.all([server.close(), assert.rejects(broken)])
    await assert.rejects(ask(server.rpcUrl))
  })

  it('closes while a WebSocket is open', { timeout: 10_000 }, async (test) => {
    const server = await startRpcServer()
    const socket = new WebSocket(server.rpcUrl.replace('http', 'ws'))
    test.after(() => socket.close())
    await once(socket, 'open')
    await Promise.all([server.close(), once(socket, 'close')])
  })
})
