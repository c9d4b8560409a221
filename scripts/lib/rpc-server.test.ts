import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
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

/** Resolves when a server of this process has taken a connection to a port. */
function connectionTaken(port: number): Promise<void> {
  const channel = 'net.server.socket'
  return new Promise((resolve) => {
    const taken = (message: unknown): void => {
      if ((message as { socket: Socket }).socket.localPort !== port) return
      unsubscribe(channel, taken)
      resolve()
    }
    subscribe(channel, taken)
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

  it('closes while a connection that it took has not asked for anything yet', { timeout: 10_000 }, async (test) => {
    const server = await startRpcServer()
    const port = Number(new URL(server.rpcUrl).port)
    const taken = connectionTaken(port)
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    test.after(() => socket.destroy())
    const ended = once(socket, 'close')
    await taken
    await Promise.all([server.close(), ended])
  })
})
