import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { parseCid } from '@sluice/sdk/content'
import { serveRequests } from '../../net/request.ts'
import { createCleanup, quiet, startHost, startStore } from '../../testing/peers.ts'
import { sampleContent } from '../../testing/sample-content.ts'
import { BLOCK_PROTOCOL, createBlockProtocol } from './index.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

async function startPair(perMinute = 1000) {
  const peers = []
  for (let at = 0; at < 2; at += 1) {
    const [host, store] = [await startHost(cleanup), await startStore(cleanup)]
    peers.push({
      host,
      store,
      protocol: await createBlockProtocol({ host, blocks: store.blocks, perMinute, log: quiet }),
    })
  }
  const [server, client] = peers
  assert.ok(server && client)
  await client.host.dial(server.host.getMultiaddrs())
  return { server, client }
}

const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

describe('block protocol', () => {
  it('serves a block, and says when it has none', async () => {
    const [sample, other] = [await sampleContent(10), await sampleContent(20)]
    const { server, client } = await startPair()
    await server.store.blocks.put(sample.manifestCid, sample.manifest)
    const ask = (cid: string) => client.protocol.ask(server.host.peerId, parseCid(cid), AbortSignal.timeout(5000))
    assert.deepEqual(await ask(sample.manifestCid), sample.manifest)
    assert.equal(await ask(other.manifestCid), undefined)
  })

  it('refuses bytes that are not the block', async () => {
    const sample = await sampleContent(10)
    const { server, client } = await startPair()
    await server.protocol.stop()
    const options = { protocol: BLOCK_PROTOCOL, maxRequestBytes: 64, maxResponseBytes: 100, log: quiet }
    await serveRequests(server.host, options, () => Promise.resolve(Uint8Array.of(1, 2, 3)))
    const asking = client.protocol.ask(server.host.peerId, parseCid(sample.manifestCid), AbortSignal.timeout(5000))
    await assert.rejects(asking, refusal('SLICE_CORRUPT'))
  })

  it('limits how often one peer may ask', async () => {
    const sample = await sampleContent(10)
    const { server, client } = await startPair(4)
    const ask = () => client.protocol.ask(server.host.peerId, parseCid(sample.manifestCid), AbortSignal.timeout(5000))
    assert.equal(await ask(), undefined)
    await assert.rejects(ask(), refusal('RATE_LIMITED'))
  })

  it('resets a request that is too long', async () => {
    const { server, client } = await startPair()
    const stream = await client.host.dialProtocol(server.host.peerId, BLOCK_PROTOCOL)
    const closed = new Promise((resolve) => stream.addEventListener('close', resolve))
    stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0x7f))
    await closed
  })
})
