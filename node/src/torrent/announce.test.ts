import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { createCleanup } from '../testing/peers.ts'
import { announce } from './announce.ts'
import type { Reach } from '../net/index.ts'
import { lookUpPeers } from './look-up.ts'

const INFO_HASH = 'ab'.repeat(20)
const PEER_ID = '2d'.repeat(20)
const ANNOUNCEMENT = {
  infoHash: INFO_HASH,
  peerId: PEER_ID,
  port: 4005,
  left: 1,
  numwant: 50,
  event: 'started',
} as const
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('the answer of a tracker', () => {
  const cleanup = createCleanup()
  after(() => cleanup.run())

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.add(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    return `http://127.0.0.1:${address.port}/announce?key=1`
  }

  const ask = (tracker: string, ms = 5000, reach: Partial<Reach> = {}) =>
    announce(tracker, ANNOUNCEMENT, { privateNetwork: true, signal: AbortSignal.timeout(ms), ...reach })
  const refused = (error: unknown) => isSluiceError(error, 'NODE_UNREACHABLE')

  it('names peers, packed or listed, and when to tell it again', async () => {
    let asked = ''
    const six = `\u0020\u0001\r\u00b8${'\0'.repeat(11)}\u0001\u001a\u00e1`
    const listed = 'd2:ip9:127.0.0.24:porti7eed2:ip3:::14:porti8ee1:x'
    const tracker = await serve(({ url }, response) => {
      asked = url ?? ''
      response.end(bytes(`d8:intervali5e5:peers6:\u007f\0\0\u0001\u001a\u00e16:peers618:${six}e`))
    })
    assert.deepEqual(await ask(tracker), { peers: ['127.0.0.1:6881', '[2001:db8:0:0:0:0:0:1]:6881'], interval: 5 })
    assert.ok(asked.startsWith(`/announce?key=1&info_hash=${'%ab'.repeat(20)}&peer_id=${'%2d'.repeat(20)}&port=4005&`))
    const other = await serve((_request, response) => response.end(bytes(`d5:peersl${listed}ee`)))
    assert.deepEqual(await ask(other), { peers: ['127.0.0.2:7', '[::1]:8'], interval: undefined })
  })

  it('is refused where it is anything else', async () => {
    for (const answer of ['', 'i1e', 'le', 'd14:failure reasoni1ee', 'l-3:', 'de1', 'x'.repeat(100_000)]) {
      const tracker = await serve((_request, response) => response.end(answer))
      await assert.rejects(ask(tracker), refused, answer.slice(0, 30))
    }
  })

  it('is refused where it breaks off, leads elsewhere, or does not come', async () => {
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('d5:peers')
      setImmediate(() => response.destroy())
    })
    const elsewhere = await serve((_request, response) => response.writeHead(302, { location: broken }).end('de'))
    const silent = await serve((_request, response) => response.writeHead(200).write('d'))
    await assert.rejects(ask(broken), refused)
    await assert.rejects(ask(elsewhere), refused)
    await assert.rejects(ask(silent, 200), refused)
  })

  it('is not waited for where the URL is no tracker’s', async () => {
    for (const tracker of ['ws://127.0.0.1:1', 'udp://127.0.0.1:0', 'no url'])
      await assert.rejects(ask(tracker), refused)
  })

  it('may come over UDP', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    cleanup.add(() => socket.close())
    await once(socket, 'listening')
    socket.on('message', (message, { port }) => {
      const isConnect = message.readUInt32BE(8) === 0
      const transaction = message.subarray(12, 16)
      const rest = isConnect
        ? Buffer.alloc(8)
        : bytes('\u00ff\u00ff\u00ff\u00ff\0\0\0\0\0\0\0\0\u007f\0\0\u0001\u001a\u00e1')
      socket.send(Buffer.concat([Buffer.from([0, 0, 0, isConnect ? 0 : 1]), transaction, rest]), port, '127.0.0.1')
    })
    const tracker = `udp://127.0.0.1:${socket.address().port}`
    assert.deepEqual(await ask(tracker), { peers: ['127.0.0.1:6881'], interval: undefined })
    await assert.rejects(ask(tracker, 0, { signal: AbortSignal.abort() }), refused)
  })

  it('comes from the address that its host was judged by, and the host is resolved once', async () => {
    const hosts: unknown[] = []
    const lookup = (host: string) => {
      hosts.push(host)
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    }
    const tracker = await serve(({ headers }, response) => {
      hosts.push(headers.host)
      response.end('d8:intervali7ee')
    })
    const { port } = new URL(tracker)
    const answer = await ask(`http://tracker.example:${port}/announce`, 5000, { lookup })
    assert.deepEqual([answer.interval, hosts], [7, ['tracker.example', `tracker.example:${port}`]])
  })

  it('is not asked for where the host’s name leads into a private network', async () => {
    const asked: unknown[] = []
    const tracker = await serve(({ url }) => asked.push(url))
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    cleanup.add(() => socket.close())
    await once(socket, 'listening')
    socket.on('message', (message) => asked.push(message))
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    const reach = { privateNetwork: false, lookup }
    for (const url of [
      `http://tracker.example:${new URL(tracker).port}/announce`,
      `udp://tracker.example:${socket.address().port}`,
      tracker,
    ]) {
      await assert.rejects(ask(url, 5000, reach), refused, url)
    }
    assert.deepEqual(asked, [])
  })

  it('is refused where it changes the protocol', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.add(() => void server.close())
    server.on('connection', (socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
    })
    await assert.rejects(ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`), refused)
  })

  it('does not end a look-up that asks others too', async () => {
    const good = await serve((_request, response) => response.end(bytes('d5:peers6:\u007f\0\0\u0001\u001a\u00e1e')))
    const bad = await serve((request) => request.socket.destroy())
    const swarm = { infoHash: INFO_HASH, trackers: [bad, good, 'udp://127.0.0.1:0'], peers: ['1.2.3.4:5'] }
    const found: string[] = []
    const { signal } = new AbortController()
    const options = { peerId: PEER_ID, port: 4005, signal, privateNetwork: true, ownTrackers: [] }
    for await (const peer of lookUpPeers(swarm, options)) found.push(peer)
    assert.deepEqual(found, ['1.2.3.4:5', '127.0.0.1:6881'])
  })
})
