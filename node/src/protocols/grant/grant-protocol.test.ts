import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { parseCid } from '@sluice/sdk/content'
import { generateSession } from '@sluice/sdk/session'
import type { SignedGrant } from '@sluice/sdk/wire'
import { DOMAIN } from '../../testing/exchange.ts'
import { createCleanup, quiet, startHost, startStore } from '../../testing/peers.ts'
import { sampleContent } from '../../testing/sample-content.ts'
import { createGrantProtocol } from './index.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

const CREATOR = `0x${'a1'.repeat(20)}` as const
const POLICY = {
  policy: 'none',
  peers: [],
  maxBytes: 2 ** 30,
  grantSeconds: 60,
  accept: 'none',
  acceptPeers: [],
  acceptBytes: 0,
  checkSeconds: 60,
  graceSeconds: 0,
} as const

/** A creator's node that uploaded a sample and grants nobody anything by policy, and a peer that may ask it. */
async function startPeers() {
  const sample = await sampleContent(1000, 'sealed')
  const store = await startStore(cleanup)
  const id = await store.uploads.create({ kind: 'sealed', sliceCount: 1 })
  await store.uploads.writeSlice(id, 0, sample.slices[0] ?? assert.fail())
  await store.blocks.put(sample.manifestCid, sample.manifest)
  await store.uploads.commit(id, sample.manifestCid)
  const start = async () => {
    const host = await startHost(cleanup)
    const grants = await createGrantProtocol({
      host,
      store,
      entitlements: { creatorOf: () => Promise.resolve(CREATOR) },
      sessions: {
        expiry: () => Promise.resolve(BigInt(Math.floor(Date.now() / 1000) + 3600)),
        onChange: () => () => undefined,
      },
      session: await generateSession(),
      domain: DOMAIN,
      policy: POLICY,
      log: quiet,
    })
    return { host, grants }
  }
  const [creator, peer] = [await start(), await start()]
  await peer.host.dial(creator.host.getMultiaddrs())
  const ask = (): Promise<SignedGrant | undefined> =>
    peer.grants.ask(creator.host.peerId, parseCid(sample.root), AbortSignal.timeout(5000))
  return { creator, peerId: peer.host.peerId.toString(), root: sample.root, ask }
}

describe('a replication grant', () => {
  it('is given to whom the content was offered, and no longer once that peer has refused it', async () => {
    const { creator, peerId, root, ask } = await startPeers()
    assert.equal(await ask(), undefined)
    creator.grants.invite(root, peerId)
    assert.equal((await ask())?.peerId, peerId)
    creator.grants.withdraw(root, peerId)
    assert.equal(await ask(), undefined)
  })

  it('is given on no invitation of another peer or to another root', async () => {
    const { creator, peerId, root, ask } = await startPeers()
    creator.grants.invite(root, creator.host.peerId.toString())
    creator.grants.invite(`${root}x`, peerId)
    assert.equal(await ask(), undefined)
  })
})
