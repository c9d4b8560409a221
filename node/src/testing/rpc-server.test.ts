import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startRpcServer } from './rpc-server.ts'

it('closes while it is asked without end', { timeout: 20_000 }, async () => {
  const server = await startRpcServer()
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
  const ask = () => fetch(server.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  assert.equal((await ask()).status, 200)
  let isClosed = false
  const asking = Array.from({ length: 4 }, async () => {
    while (!isClosed)
      await ask()
        .then((answer) => answer.text())
        .catch(() => undefined)
  })
  await server.close()
  isClosed = true
  await Promise.all(asking)
  await assert.rejects(ask())
})
