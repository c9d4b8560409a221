import { generateKeyPair } from '@libp2p/crypto/keys'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { WebSocketServer } from 'ws'
import { depositAndAuthorize, readChannel, readEscrow, readSessionExpiry, requestClose } from '@sluice/sdk/chain'
import { createMemoryPayerLedger, paidTotal } from '@sluice/sdk/channel'
import { connectSource, connectWebSocket, createPayer, createSwarm, MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import type { FrameChannel, Payer } from '@sluice/sdk/exchange'
import { generateSession } from '@sluice/sdk/session'
import { startTestChain, testAccount, testClients } from '../../testing/chain.ts'
import type { TestChain } from '../../testing/chain.ts'
import { makeContent, startSeeder, stopSeeders } from '../../testing/exchange.ts'
import type { Seeder } from '../../testing/exchange.ts'
import { createCleanup, startHost } from '../../testing/peers.ts'
import { createChannelActions, libp2pFrameChannel, SLICE_PROTOCOL, wsFrameChannel } from './index.ts'

const cleanup = createCleanup()
const PRICE = 10n ** 12n
const SLICES = 48
const [SEEDER, CONSUMER] = [1, 2]
const content = makeContent(SLICES, { sliceBytes: 262_144 })

let chain: TestChain
before(async () => {
  chain = await startTestChain(cleanup)
})
after(async () => {
  await stopSeeders()
  await cleanup.run()
})

/** A seeder with its own wallet on the real chain. */
async function startChainSeeder(sign?: Seeder['identity']): Promise<Seeder> {
  const { walletClient, publicClient } = testClients(chain, SEEDER)
  const { contracts } = chain
  return startSeeder({
    contents: [content],
    chain: createChannelActions(walletClient, { contracts, confirmations: 1 }),
    policy: { price: PRICE, payee: testAccount(SEEDER).address },
    overrides: {
      domain: { chainId: chain.chainId, channels: contracts.channels },
      sessions: { expiry: (wallet, session) => readSessionExpiry(publicClient, { contracts, payer: wallet, session }) },
      ...(sign && { identity: sign }),
    },
  })
}

/** A consumer who has deposited once, and signs everything else with its session. */
async function createPaidConsumer(): Promise<Payer> {
  const { walletClient } = testClients(chain, CONSUMER)
  const { contracts, chainId } = chain
  const session = await generateSession()
  const amount = 10n ** 18n
  const expiry = BigInt(Math.floor(Date.now() / 1000)) + 86_400n
  const grant = { session: session.publicKey, limit: amount, expiry }
  await depositAndAuthorize(walletClient, { contracts, token: zeroAddress, amount, ...grant })
  const wallet = testAccount(CONSUMER).address
  const domain = { chainId, channels: contracts.channels }
  return createPayer({ wallet, session, domain, ledger: createMemoryPayerLedger(), available: async () => amount / 4n })
}

const sourceOptions = (payer: Payer, peerId: string) => ({
  peerId,
  root: content.root,
  sliceCount: SLICES,
  domain: { chainId: chain.chainId, channels: chain.contracts.channels },
  payer,
  maxPrice: PRICE,
  verify: content.verify,
})

async function fetchEverything(channel: FrameChannel, payer: Payer, peerId: string): Promise<void> {
  const source = await connectSource(channel, sourceOptions(payer, peerId))
  const swarm = createSwarm({ mode: 'stream', sliceCount: SLICES, sources: [source] })
  swarm.complete()
  for await (const { index, bytes } of swarm.slices({ first: 0, last: SLICES - 1 })) {
    assert.deepEqual(bytes, content.slices[index])
  }
  await swarm.close()
  assert.equal(source.paid(), BigInt(SLICES) * PRICE)
}

describe('paid transfer', () => {
  it('goes from node to node over libp2p, and the chain pays the seeder what was fetched', async () => {
    const identity = await generateKeyPair('Ed25519')
    const [server, client] = [await startHost(cleanup, { identity }), await startHost(cleanup)]
    const seeder = await startChainSeeder({
      peerId: server.peerId.toString(),
      sign: (bytes) => identity.sign(bytes),
    })
    await server.handle(SLICE_PROTOCOL, (stream, connection) => {
      const remote = {
        transport: 'libp2p',
        addressPrefix: '127.0.0',
        peerId: connection.remotePeer.toString(),
      } as const
      void seeder.service.serve(libp2pFrameChannel(stream), remote)
    })
    const payer = await createPaidConsumer()
    const stream = await client.dialProtocol(server.getMultiaddrs(), SLICE_PROTOCOL)
    await fetchEverything(libp2pFrameChannel(stream), payer, server.peerId.toString())

    const [channel] = seeder.ledger.channels()
    assert.ok(channel)
    assert.equal(paidTotal(channel), BigInt(SLICES) * PRICE)
    const [claimed] = await seeder.service.claim(undefined, { force: true })
    assert.equal(claimed?.amount, BigInt(SLICES) * PRICE)
    const { contracts } = chain
    const { channelId, descriptor } = channel
    const { publicClient, walletClient } = testClients(chain, CONSUMER)
    assert.equal((await readChannel(publicClient, { contracts, channelId })).claimed, BigInt(SLICES) * PRICE)

    await requestClose(walletClient, { contracts, descriptor })
    assert.deepEqual(await seeder.service.onCloseRequested(channelId), [])
    assert.notEqual(seeder.ledger.channel(channelId)?.closesAt, 0n)
    await seeder.service.claim([channelId], { close: true })
    assert.equal((await readChannel(publicClient, { contracts, channelId })).state, 'closed')
    const escrow = await readEscrow(publicClient, { contracts, payer: descriptor.payer, token: zeroAddress })
    assert.equal(escrow.balance, 10n ** 18n - BigInt(SLICES) * PRICE)
  })

  it('goes from a node to a page over a WebSocket', async () => {
    const seeder = await startChainSeeder()
    const http = createServer()
    const sockets = new WebSocketServer({ server: http, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
    sockets.on('connection', (socket) => {
      void seeder.service.serve(wsFrameChannel(socket), { transport: 'ws', addressPrefix: '127.0.0' })
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    cleanup.add(() => http.close())
    const channel = await connectWebSocket(`ws://127.0.0.1:${port}/exchange`)
    await fetchEverything(channel, await createPaidConsumer(), seeder.identity.peerId)
    assert.equal(seeder.ledger.earnings()[0]?.earned, BigInt(SLICES) * PRICE)
  })
})
