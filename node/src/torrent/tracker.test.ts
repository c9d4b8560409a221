import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, describe, it } from 'node:test'
import { pino } from 'pino'
import { createCleanup } from '../testing/peers.ts'
import { announce } from './announce.ts'
import { startTracker } from './tracker.ts'

const OWN = 'aa'.repeat(20)
const hashOf = (index: number): string => index.toString(16).padStart(40, '0')

describe('a tracker', () => {
  const cleanup = createCleanup()
  after(() => cleanup.run())

  async function start(maxOthers = 10, limits: { requestsPerMinute?: number; maxConnections?: number } = {}) {
    const isOwn = (infoHash: string): boolean => infoHash === OWN
    const options = { host: '127.0.0.1', port: 0, isOwn, maxOthers, log: pino({ level: 'silent' }), ...limits }
    const tracker = await startTracker(options)
    cleanup.add(() => tracker.stop())
    const tell = async (infoHash: string, port: number): Promise<readonly string[]> => {
      const announcement = { infoHash, peerId: '2d'.repeat(20), port, left: 0, numwant: 50 }
      return (await announce(tracker.url, announcement, { privateNetwork: true, signal: AbortSignal.timeout(5000) }))
        .peers
    }
    return { tracker, tell }
  }

  it('tells the peers of a swarm of each other', async () => {
    const { tell } = await start()
    await tell(OWN, 1001)
    assert.ok((await tell(OWN, 1002)).includes('127.0.0.1:1001'))
  })

  it('gives room to new swarms whatever was invented before, and keeps those of its own contents', async () => {
    const { tell } = await start(3)
    await tell(OWN, 1001)
    for (let index = 0; index < 5; index += 1) await tell(hashOf(index), 1001)
    assert.ok((await tell(hashOf(4), 1002)).includes('127.0.0.1:1001'), 'the newest is there')
    assert.ok(!(await tell(hashOf(0), 1002)).includes('127.0.0.1:1001'), 'the oldest is not')
    assert.ok((await tell(OWN, 1002)).includes('127.0.0.1:1001'), 'its own is')
  })

  it('refuses what the library cannot answer, and goes on', async () => {
    const { tracker, tell } = await start()
    await tell(OWN, 1001)
    const hash = `info_hash=${'%aa'.repeat(20)}`
    const peer = `peer_id=${'%2d'.repeat(20)}`
    for (const path of [
      'scrape',
      'scrape?',
      'scrape?info%5fhash=x',
      'stats',
      `announce?${hash}&${peer}&port=1.5&compact=1`,
      `announce?${hash}&${peer}&port=1.5&compact=1&port=1001`,
      `announce?${hash}&${peer}&p%6frt=1.5&port=1001&compact=1`,
      `announce?${hash}&${peer}&port=1001&compact=2`,
      `announce?${hash}&${hash}&${peer}&port=1001`,
    ]) {
      const response = await fetch(new URL(path, tracker.url))
      assert.equal(response.status, 400, path)
      assert.equal(await response.text(), '', path)
    }
    const scraped = await fetch(new URL(`scrape?${hash}`, tracker.url))
    assert.match(await scraped.text(), /^d5:files/)
    assert.ok((await tell(OWN, 1002)).includes('127.0.0.1:1001'))
  })

  it('answers one network so often and no more', async () => {
    const { tracker, tell } = await start(10, { requestsPerMinute: 8 })
    await tell(OWN, 1001)
    await tell(OWN, 1002)
    await assert.rejects(tell(OWN, 1003), /gives no answer/)
    assert.equal((await fetch(tracker.url)).status, 429)
  })

  it('does not give all its connections to one network', async () => {
    const { tracker } = await start(10, { maxConnections: 8 })
    const { hostname, port } = new URL(tracker.url)
    const knock = () => connect(Number(port), hostname)
    const held = [knock(), knock()]
    await Promise.all(held.map((socket) => once(socket, 'connect')))
    await once(knock(), 'close')
    assert.ok(held.every(({ destroyed }) => !destroyed))
    held.forEach((socket) => socket.destroy())
  })

  it('speaks no WebSocket', async () => {
    const { tracker } = await start()
    const socket = new WebSocket(tracker.url.replace('http', 'ws'))
    const opened = await new Promise((resolve) => {
      socket.addEventListener('open', () => resolve(true))
      socket.addEventListener('error', () => resolve(false))
    })
    assert.equal(opened, false)
  })
})
