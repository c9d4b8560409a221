import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { createServer } from 'node:http'
import { after, describe, it } from 'node:test'
import { createCleanup, quiet } from '../testing/peers.ts'
import { createAnnouncements, nextInterval } from './announcements.ts'

const INFO_HASH = 'ab'.repeat(20)

describe('announcements', () => {
  const cleanup = createCleanup()
  after(() => cleanup.run())

  it('tell each tracker once at the start and at the end, whatever interval one of them wants', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.add(() => void server.close())
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const events: unknown[] = []
    const requests = on(server, 'request')
    server.on('request', ({ url }, response) => {
      events.push(new URL(url ?? '', 'http://a.example').searchParams.get('event'))
      response.end('d8:intervali0ee')
    })
    const trackers = [`http://127.0.0.1:${address.port}/announce`, 'udp://127.0.0.1:0', 'ws://127.0.0.1:1']
    const options = { trackers, peerId: '2d'.repeat(20), port: 4005, left: () => 0, log: quiet }
    const announcements = createAnnouncements(options)
    announcements.add(INFO_HASH)
    announcements.add(INFO_HASH)
    await requests.next()
    await announcements.stop()
    assert.deepEqual(events, ['started', 'stopped'])
  })

  it('come as the most impatient tracker wants, and not more often than each minute', () => {
    assert.equal(nextInterval([1800, 300]), 300)
    assert.equal(nextInterval([1800, 0]), 60)
    assert.equal(nextInterval([4_294_967_295]), 86_400)
  })
})
