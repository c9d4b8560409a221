import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { PassThrough } from 'node:stream'
import type { Duplex } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import Wire from 'bittorrent-protocol'
import utMetadata from 'ut_metadata'
import type { UtMetadata } from 'ut_metadata'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { promisedTotal } from '@sluice/sdk/channel'
import { decodeManifest, encodeTorrentInfo, parseCid, parseMagnet } from '@sluice/sdk/content'
import { createHello, termsDigest, verifyPeerSignature } from '@sluice/sdk/exchange'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import { connect, createConsumer, DOMAIN, makeContent, PRICE, stopSeeders } from '../testing/exchange.ts'
import { createCleanup } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { connectSwarm, startTorrentSeeder, swarmOf } from '../testing/torrents.ts'
import type { TorrentSeeder } from '../testing/torrents.ts'
import { blocksOf } from './blocks.ts'
import { named, useExchange } from './exchange-extension.ts'
import { createPeerWire } from './peer-wire.ts'

const SLICES = 6
const BYTES = (SLICES - 1) * 262_128 + 40_000
const OWN_ID = '2d'.repeat(20)
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

describe('the torrents’ swarm', () => {
  const cleanup = createCleanup()
  let sample: Sample
  let infoHash: string
  let seeder: TorrentSeeder
  let fetcher: TorrentSeeder
  let swarm: ReturnType<typeof swarmOf>

  before(async () => {
    sample = await sampleContent(BYTES, 'sealed')
    infoHash = decodeManifest(sample.manifest).infoHash.slice(2)
    seeder = await startTorrentSeeder(cleanup, sample, { tracker: true })
    fetcher = await startTorrentSeeder(cleanup, undefined)
    swarm = swarmOf(sample, { peers: [seeder.torrents.address] })
  })
  after(async () => {
    await stopSeeders()
    await cleanup.run()
  })

  /** A connection of a stranger's own making; closed with the tests. */
  async function knock(address = seeder.torrents.address) {
    const socket = connectTcp(Number(address.split(':')[1]), '127.0.0.1')
    cleanup.add(() => socket.destroy())
    await once(socket, 'connect')
    return { socket, peer: createPeerWire(socket) }
  }

  /** Says Hello by hand, and returns what the seeder answers; what follows is up to the test. */
  async function sayHello({ torrents, identity }: TorrentSeeder, payer: Awaited<ReturnType<typeof createConsumer>>) {
    const { peer } = await knock(torrents.address)
    const met = Promise.withResolvers<Record<string, unknown>>()
    const frames = useExchange(peer, met.resolve)
    peer.wire.handshake(infoHash, OWN_ID, { fast: true })
    const saidPeerId = String(Buffer.from((await met.promise)['sluice_peer'] as Uint8Array))
    const received = frames.queue.frames[Symbol.asyncIterator]()
    const challenge = decodeFrame(await nextOf(received))
    assert.ok(challenge.type === 'challenge')
    const options = { peerId: identity.peerId, root: parseCid(sample.root), domain: DOMAIN, payer }
    const hello = await createHello(options, challenge.nonce)
    await frames.send(encodeFrame(hello))
    const terms = decodeFrame(await nextOf(received))
    assert.ok(terms.type === 'terms')
    return { peer, hello, terms, saidPeerId }
  }

  describe('for a client that speaks the exchange', () => {
    it('sells every slice, each for its price, on the ledger of all transports', async () => {
      const { payer, wallet } = await createConsumer()
      const [source, ...others] = await connectSwarm(fetcher, sample, { swarm, payer })
      assert.ok(source)
      assert.deepEqual(others, [])
      assert.equal(source.peerId, seeder.identity.peerId)
      const slices = await Promise.all(sample.slices.map((_, index) => source.fetch(index)))
      assert.deepEqual(slices, sample.slices)
      await source.close()
      assert.equal(source.paid(), BigInt(SLICES) * PRICE)
      const account = seeder.ledger.account({ wallet, root: sample.root, token: source.terms.token })
      assert.deepEqual([account.owed, account.paid], [BigInt(SLICES) * PRICE, BigInt(SLICES) * PRICE])
    })

    it('gives the preview away to who pays for the rest, and owes nothing for it either', async () => {
      const publicSlices = [{ first: 1, last: 2 }]
      const generous = await startTorrentSeeder(cleanup, sample, { publicSlices })
      const { payer, wallet } = await createConsumer()
      const peers = [generous.torrents.address]
      const [source] = await connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { peers }), payer, publicSlices })
      assert.ok(source)
      const slices = await Promise.all(sample.slices.map((_, index) => source.fetch(index)))
      assert.deepEqual(slices, sample.slices)
      await source.close()
      const price = BigInt(SLICES - 2) * PRICE
      assert.deepEqual([source.free?.(), source.paid()], [2, price])
      const account = generous.ledger.account({ wallet, root: sample.root, token: source.terms.token })
      assert.deepEqual([account.owed, account.paid], [price, price])
    })

    it('is found through a tracker alone', async () => {
      const { payer } = await createConsumer()
      const trackers = seeder.torrents.trackers
      const found = async () => connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { trackers }), payer })
      let sources = await found()
      // The seeder tells its tracker in its own time.
      for (const deadline = Date.now() + 10_000; sources.length === 0 && Date.now() < deadline;) sources = await found()
      assert.deepEqual(
        sources.map(({ peerId }) => peerId),
        [seeder.identity.peerId],
      )
      assert.deepEqual(await sources[0]?.fetch(2), sample.slices[2])
      await sources[0]?.close()
    })

    it('gives no more than the credit to who does not pay, and remembers that over connections and transports', async () => {
      const strict = await startTorrentSeeder(cleanup, sample, { policy: { creditSlices: 2 } })
      const consumer = await createConsumer()
      const { peer, terms } = await sayHello(strict, consumer)
      assert.equal(terms.owed, 0n)
      const arrived = Promise.withResolvers<void>()
      const pieces = new Set<number>()
      let blocks = 0
      for (const piece of [0, 1, 2]) {
        for (const { offset, length } of blocksOf(piece, swarm.layout)) {
          peer.wire.request(piece, offset, length, (error) => {
            if (error !== null) return
            pieces.add(piece)
            blocks += 1
            if (blocks === 2 * 16) arrived.resolve()
          })
        }
      }
      await arrived.promise
      peer.close()
      await peer.closed
      assert.deepEqual([...pieces], [0, 1])
      const { owed } = strict.ledger.account({ wallet: consumer.wallet, root: sample.root, token: terms.token })
      assert.equal(owed, 2n * PRICE)
      assert.equal((await sayHello(strict, consumer)).terms.owed, owed)
      const content = makeContent(SLICES)
      const source = await connect(strict, content, { payer: consumer.payer, source: { root: parseCid(sample.root) } })
      assert.equal(source.terms.owed, owed)
      await source.close()
    })

    it('is paid nothing for a slice whose bytes are others', async () => {
      const liar = await startTorrentSeeder(cleanup, sample)
      const altered = sample.slices.map((slice) => slice.map((byte, at) => (at === 100 ? byte ^ 1 : byte)))
      await Promise.all(altered.map((slice, index) => liar.store.writeSlice(sample.root, index, slice)))
      const { payer, ledger } = await createConsumer()
      const peers = [liar.torrents.address]
      const [source] = await connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { peers }), payer })
      assert.ok(source)
      await assert.rejects(source.fetch(3), refusal('SLICE_CORRUPT'))
      assert.equal((await source.closed)?.code, 'SLICE_CORRUPT')
      assert.equal(source.paid(), 0n)
      assert.ok((await ledger.list()).every((channel) => promisedTotal(channel) === 0n))
    })

    it('refuses a wallet without a key', async () => {
      const closed = await startTorrentSeeder(cleanup, sample, { entitled: () => [] })
      const { payer } = await createConsumer()
      const peers = [closed.torrents.address]
      const connecting = connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { peers }), payer })
      await assert.rejects(connecting, refusal('NOT_ENTITLED'))
    })

    it('gives who does not say who it is the public preview, and nothing besides', async () => {
      const showing = await startTorrentSeeder(cleanup, sample, { publicSlices: [{ first: 1, last: 1 }] })
      const peers = [showing.torrents.address]
      const [source] = await connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { peers }) })
      assert.ok(source)
      assert.deepEqual([source.has(0), source.has(1)], [false, true])
      assert.deepEqual(await source.fetch(1), sample.slices[1])
      await assert.rejects(source.fetch(0), refusal('NOT_ENTITLED'))
      assert.deepEqual(await source.fetch(1), sample.slices[1])
      await source.close()
    })

    it('signs its terms as the peer that it says it is', async () => {
      const { hello, terms, saidPeerId } = await sayHello(seeder, await createConsumer())
      assert.equal(saidPeerId, seeder.identity.peerId)
      const digest = termsDigest(DOMAIN, hello, terms)
      assert.ok(verifyPeerSignature(seeder.identity.peerId, digest, terms.signature))
      assert.ok(!verifyPeerSignature(fetcher.identity.peerId, digest, terms.signature))
    })
  })

  describe('for a client that does not', () => {
    it('refuses every block, also to one that ignores that it is choked', async () => {
      const { peer } = await knock()
      const { wire } = peer
      let unchoked = false
      wire.once('unchoke', () => (unchoked = true))
      wire.handshake(infoHash, OWN_ID, { fast: true })
      await once(wire, 'bitfield')
      wire.interested()
      pretendUnchoked(wire)
      const layout = swarm.layout
      for (let piece = 0; piece < SLICES; piece += 1) {
        for (const { offset, length } of blocksOf(piece, layout)) {
          const asked = Promise.withResolvers<Error | null>()
          wire.request(piece, offset, length, asked.resolve)
          assert.match(String((await asked.promise)?.message), /rejected/)
        }
      }
      assert.equal(unchoked, false)
    })

    it('gives the info dictionary, whose hash is the manifest’s', async () => {
      const info = await fetchInfo(seeder.torrents.address, infoHash)
      assert.equal(createHash('sha1').update(info).digest('hex'), infoHash)
      const pieces = Buffer.concat(sample.slices.map((slice) => createHash('sha1').update(slice).digest()))
      const { byteLength } = swarm.layout
      assert.deepEqual(
        Buffer.from(info),
        Buffer.from(encodeTorrentInfo({ root: parseCid(sample.root), byteLength, pieces })),
      )
    })

    it('hangs up on who looks for another torrent', async () => {
      const { peer } = await knock()
      peer.wire.handshake('ab'.repeat(20), OWN_ID, { fast: true })
      await peer.closed
    })
  })

  describe('for a peer that means harm', () => {
    it('ends with a message longer than any can be', async () => {
      const { socket, peer } = await knock()
      peer.wire.handshake(infoHash, OWN_ID, { fast: true })
      await once(peer.wire, 'bitfield')
      socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x07]))
      await peer.closed
    })

    it('ends with who speaks another protocol', async () => {
      const { socket, peer } = await knock()
      socket.write(Buffer.alloc(100, 0x47))
      await peer.closed
    })

    for (const [what, extension, text] of [
      ['an extended handshake whose key has a negative length', 0, 'd-3:'],
      ['an extended handshake that is a list without end', 0, 'l-3:'],
      ['an extended handshake of more than 4 KiB', 0, `d1:a5000:${'b'.repeat(5000)}e`],
      [
        'an extended handshake with an extension’s number that is none',
        0,
        'd1:md15:sluice_exchangede11:ut_metadatai1eee',
      ],
      ['a request for metadata whose key has a negative length', 2, 'd-3:'],
      ['a request for metadata that is none', 2, 'x'],
    ] as const) {
      it(`ends with ${what}, and serves the others`, async () => {
        const { socket, peer } = await knock()
        socket.write(bareHandshake(infoHash))
        await once(peer.wire, 'bitfield')
        socket.write(extendedMessage(extension, text))
        await peer.closed
        const info = await fetchInfo(seeder.torrents.address, infoHash)
        assert.equal(createHash('sha1').update(info).digest('hex'), infoHash)
      })
    }

    it('keeps no extension that it does not speak, and no second handshake', async () => {
      const socket = new PassThrough()
      const { wire } = createPeerWire(socket)
      const handshakes: unknown[] = []
      const known = class {
        onExtendedHandshake(handshake: Record<string, unknown>): void {
          handshakes.push(handshake['v'])
        }
      }
      wire.use(named(known, 'known'))
      const [first, second] = ['d1:md5:knowni7e6:othersi8e8:toStringi9ee1:vi1ee', 'd1:md5:knowni8ee1:vi2ee']
      const heard = once(wire, 'extended')
      socket.write(Buffer.concat([bareHandshake(infoHash), extendedMessage(0, first), extendedMessage(0, second)]))
      await heard
      assert.deepEqual({ ...wire.peerExtendedMapping }, { known: 7 })
      assert.deepEqual(handshakes, [1])
      socket.destroy()
    })

    it('ends where the parser throws, and serves the others', async () => {
      const { socket, peer } = await knock()
      socket.write(bareHandshake(infoHash))
      await once(peer.wire, 'bitfield')
      socket.write(extendedMessage(0, 'd1:md15:sluice_exchanged8:toString1:aeee'))
      await peer.closed
      const [source] = await connectSwarm(fetcher, sample, { swarm, payer: (await createConsumer()).payer })
      assert.deepEqual(await source?.fetch(0), sample.slices[0])
      await source?.close()
    })
  })

  it('describes a content by a magnet link that leads back to it', () => {
    const { infoHash: hash, magnet } = seeder.torrents.describe(sample.root) ?? {}
    assert.equal(hash, `0x${infoHash}`)
    assert.deepEqual(parseMagnet(magnet ?? ''), {
      infoHash: hash,
      name: sample.root,
      length: swarm.layout.byteLength,
      trackers: seeder.torrents.trackers,
      peers: [seeder.torrents.address],
      content: sample.manifestCid,
    })
    assert.equal(fetcher.torrents.describe(sample.root), undefined)
  })

  it('forgets what was removed', async () => {
    const leaving = await startTorrentSeeder(cleanup, sample)
    await leaving.store.remove(sample.root)
    assert.equal(leaving.torrents.describe(sample.root), undefined)
    const peers = [leaving.torrents.address]
    assert.deepEqual(await connectSwarm(fetcher, sample, { swarm: swarmOf(sample, { peers }) }), [])
  })
})

async function nextOf(frames: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const next = await frames.next()
  assert.ok(next.done !== true, 'the connection ended')
  return next.value
}

/** The handshake alone: what the extended one says is up to the test. */
function bareHandshake(infoHash: string): Buffer {
  const reserved = Buffer.from('0000000000100004', 'hex')
  return Buffer.concat([Buffer.from('\u0013BitTorrent protocol'), reserved, Buffer.from(infoHash + OWN_ID, 'hex')])
}

/** A message of an extension as it goes over the socket; extension 0 is the extended handshake (BEP 10). */
function extendedMessage(extension: number, text: string): Buffer {
  const body = Buffer.concat([Buffer.from([20, extension]), Buffer.from(text, 'latin1')])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

/** A client that asks although it may not. */
function pretendUnchoked(wire: Wire): void {
  Object.assign(wire, { peerChoking: false })
}

/** Fetches an info dictionary (BEP 9) with the libraries of a plain torrent client as they are, and nothing of ours. */
async function fetchInfo(address: string, infoHash: string): Promise<Uint8Array> {
  const socket = connectTcp(Number(address.split(':')[1]), '127.0.0.1')
  const wire = new Wire('tcpOutgoing')
  wire.use(utMetadata())
  socket.pipe(wire as unknown as Duplex).pipe(socket)
  const { ut_metadata: extension } = wire as unknown as { ut_metadata: UtMetadata }
  const refused = once(extension, 'warning').then(([error]) => Promise.reject(error as Error))
  extension.fetch()
  wire.handshake(infoHash, OWN_ID)
  try {
    await Promise.race([once(extension, 'metadata'), refused])
    return extension.metadata
  } finally {
    socket.destroy()
  }
}
