import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { authorize, buyKey, createEdition, publishContent } from '@sluice/sdk/chain'
import type { Provider } from '@sluice/sdk/client'
import { digestHexOf, parseCid } from '@sluice/sdk/content'
import type { Address, Hex } from 'viem'
import { keccak256, zeroAddress } from 'viem'
import { startDaemon } from './daemon.ts'
import { startTestChain, testAccount, testClients } from './testing/chain.ts'
import type { TestChain } from './testing/chain.ts'
import { startTestNode, testConfig } from './testing/node.ts'
import type { TestNode } from './testing/node.ts'
import { createCleanup, quiet } from './testing/peers.ts'
import { sampleContent } from './testing/sample-content.ts'
import type { Sample } from './testing/sample-content.ts'

const MIB = 1024 * 1024
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)
const within = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(15_000) })

async function upload({ api }: TestNode, sample: Sample, kind: 'open' | 'sealed' = 'open'): Promise<void> {
  const { uploadId } = await api.createUpload({ kind, sliceCount: sample.slices.length })
  await Promise.all(sample.slices.map((slice, index) => api.putUploadSlice(uploadId, index, slice)))
  await api.putBlock(sample.manifestCid, sample.manifest)
  await api.commitUpload(uploadId, { manifestCid: sample.manifestCid })
}

/** Resolves with the first answer that is not `undefined`; asked again on every turn until ten seconds have passed. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never happened')
}

describe('daemon', () => {
  const cleanup = createCleanup()
  let chain: TestChain
  let creator: TestNode
  let other: TestNode

  before(async () => {
    chain = await startTestChain(cleanup)
    creator = await startTestNode(cleanup, chain, { roles: ['seeder', 'keeper'], replication: { policy: 'any' } })
    const bootstrap = creator.daemon.multiaddrs.filter((address) => !address.includes('/http'))
    other = await startTestNode(cleanup, chain, {
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], private_network: true, bootstrap },
    })
    await eventually(async () => (other.daemon.host.getPeers().length > 0 ? true : undefined))
  })
  after(() => cleanup.run())

  it('tells its owner who it is', async () => {
    const status = await creator.api.status()
    assert.equal(status.peerId, creator.daemon.peerId)
    assert.deepEqual(status.roles, ['seeder', 'keeper'])
    assert.match(status.keeper?.publicKey ?? '', /^0x[0-9a-f]{64}$/)
    assert.equal((await other.api.peers())[0]?.peerId, creator.daemon.peerId)
    assert.match(
      await (
        await fetch(`${creator.daemon.apiUrl}/metrics`, {
          headers: { authorization: `Bearer ${creator.daemon.apiToken}` },
        })
      ).text(),
      /sluice_peers 1/,
    )
    assert.deepEqual(await creator.api.earnings(), {
      contents: [],
      channels: [],
      totals: { accepted: '0', claimed: '0', collectable: '0', atRisk: '0', notWorthGas: '0' },
    })
  })

  it('takes an upload, and others find it, its blocks and its listener', async () => {
    const sample = await sampleContent(3 * MIB + 5)
    await upload(creator, sample)
    assert.equal((await creator.api.contents()).find(({ root }) => root === sample.root)?.have, 13)
    const providers: Provider[] = []
    for await (const found of other.daemon.network.findProviders(parseCid(sample.root), within())) providers.push(found)
    assert.deepEqual(
      providers.map(({ peerId, url }) => [peerId, url]),
      [[creator.daemon.peerId, creator.daemon.publicUrl]],
    )
    const manifest = await other.daemon.network.fetchBlock(parseCid(sample.manifestCid), within())
    assert.deepEqual(manifest, sample.manifest)
    const response = await fetch(`${other.daemon.publicUrl}/block/${sample.root}?find=1`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.equal((await fetch(`${other.daemon.publicUrl}/block/${sample.root}`)).status, 404)
    const own = await (await fetch(`${creator.daemon.publicUrl}/v1/providers/${sample.root}`)).json()
    assert.equal((own as { peerId: string }[])[0]?.peerId, creator.daemon.peerId)
  })

  it('finds keepers and checks that they hold their keys', async () => {
    const keepers = await other.daemon.network.findKeepers(within())
    assert.deepEqual(
      keepers.map(({ peerId }) => peerId),
      [creator.daemon.peerId],
    )
    assert.equal(keepers[0]?.url, creator.daemon.publicUrl)
    const itself = await creator.daemon.network.findKeepers(within())
    assert.deepEqual(
      itself.map(({ peerId }) => peerId),
      [creator.daemon.peerId],
    )
  })

  it('opens the exchange with a provider over libp2p and over a WebSocket', async () => {
    const { channel } = await other.daemon.network.connect(
      { peerId: creator.daemon.peerId, multiaddrs: creator.daemon.multiaddrs },
      within(),
    )
    for await (const frame of channel.frames) {
      assert.ok(frame.length > 32)
      break
    }
    await channel.close()
    const socket = new WebSocket(`${creator.daemon.publicUrl.replace('http', 'ws')}/exchange`)
    const message = await new Promise<MessageEvent>((resolve) =>
      socket.addEventListener('message', resolve, { once: true }),
    )
    assert.ok((message.data as Blob).size > 32)
    socket.close()
  })

  it('follows on chain who may have what, and lets peers copy what its creator uploaded', async () => {
    const { publicClient, walletClient } = testClients(chain, 1)
    const { contracts } = chain
    const [owner, buyer] = [testAccount(1).address, testAccount(2).address]
    const sample = await sampleContent(MIB, 'sealed')
    await upload(creator, sample, 'sealed')
    const { contentId } = await publishContent(walletClient, {
      contracts,
      salt: keccak256('0x01'),
      metaHash: digestHexOf(parseCid(sample.manifestCid)),
      proofRoot: keccak256('0x02'),
      sliceCount: sample.slices.length,
      kind: 'file',
    })
    await assert.rejects(creator.api.registerContent(sample.root, { contentId, version: 2 }), refusal('CHAIN_REVERT'))
    await creator.api.registerContent(sample.root, { contentId, version: 1 })
    const everything = [{ first: 0, last: sample.slices.length - 1 }]
    const { entitlements } = creator.daemon.chain
    assert.deepEqual(await entitlements.check(sample.root, owner, { fresh: true }), everything)
    assert.deepEqual(await entitlements.check(sample.root, buyer), [])

    const changed = new Promise<void>((resolve) => {
      const stop = entitlements.onChange(({ wallet }) => {
        if (wallet !== buyer) return
        stop()
        resolve()
      })
    })
    const editionId = await sellEdition(chain, contentId, sample.slices.length)
    await buyKey(testClients(chain, 2).walletClient, {
      contracts,
      editionId,
      quantity: 1n,
      recipient: buyer,
      referrer: zeroAddress,
      maxPrice: 0n,
      epoch: 1,
    })
    await changed
    assert.deepEqual(await entitlements.check(sample.root, buyer), everything)

    const peer = creator.daemon.host.peerId
    const ask = () => other.daemon.grants.ask(peer, parseCid(sample.root), AbortSignal.timeout(5000))
    assert.equal(await ask(), undefined)
    const { timestamp } = await publicClient.getBlock()
    await authorize(walletClient, {
      contracts,
      session: creator.daemon.keys.session.publicKey,
      token: zeroAddress,
      limit: 0n,
      expiry: timestamp + 3600n,
    })
    const grant = await eventually(ask)
    assert.deepEqual([grant.peerId, grant.wallet], [other.daemon.peerId, owner])
  })

  it('refuses a data directory that is in use, the wrong passphrase, another chain and a chain that is gone', async () => {
    await assert.rejects(
      startDaemon({ ...creator.config, public: { host: '127.0.0.1', port: 0 } }, { log: quiet }),
      refusal('STORE_LOCKED'),
    )
    await assert.rejects(
      startDaemon({ ...creator.config, keystore: { passphrase: 'wrong horse' } }, { log: quiet }),
      refusal('KEYSTORE_LOCKED'),
    )
    await assert.rejects(
      startDaemon(await testConfig(cleanup, { ...chain, chainId: 1 }), { log: quiet }),
      refusal('WRONG_CHAIN'),
    )
    const nowhere = await testConfig(cleanup, { ...chain, rpcUrl: 'http://127.0.0.1:9' })
    await assert.rejects(startDaemon(nowhere, { log: quiet }), refusal('RPC_UNREACHABLE'))
  })

  it('goes on without its chain, says so, and stops in good time', async () => {
    await chain.stop()
    await eventually(async () => ((await creator.api.status()).chainHealthy ? undefined : true))
    assert.equal((await fetch(`${creator.daemon.publicUrl}/healthz`)).status, 503)
    const started = Date.now()
    await other.daemon.stop()
    assert.ok(Date.now() - started < 10_000)
    await assert.rejects(other.api.status(), refusal('NODE_UNREACHABLE'))
  })
})

async function sellEdition(chain: TestChain, contentId: Hex, sliceCount: number): Promise<bigint> {
  const token: Address = zeroAddress
  const { editionId } = await createEdition(testClients(chain, 1).walletClient, {
    contracts: chain.contracts,
    contentId,
    editionSalt: keccak256('0x03'),
    version: 1,
    lockboxHash: keccak256('0x04'),
    terms: {
      price: 0n,
      token,
      maxSupply: 0n,
      firstSlice: 0,
      lastSlice: sliceCount - 1,
      laterVersions: false,
      duration: 0,
      royaltyBps: 0,
      referralBps: 0,
      transferable: true,
      payouts: [],
    },
  })
  return editionId
}
