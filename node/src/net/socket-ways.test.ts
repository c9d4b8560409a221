import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import { createMemoryPair } from '@sluice/sdk/exchange/testing'
import type { dialExchange } from './dial-exchange.ts'
import { createSocketWays } from './socket-ways.ts'

const { signal } = new AbortController()

function provider(url?: string, peerId = 'peer') {
  return { peerId, multiaddrs: [], ...(url === undefined ? {} : { url }) }
}

/** Ways that dial nothing: what is dialled is kept, and a test ends it. */
function setUp({ privateNetwork = false, fails = false } = {}) {
  const dialled: { origin: string; close: () => void }[] = []
  const dial = (origin: string, { onClosed }: dialExchange.Options) => {
    if (fails) return Promise.reject(new SluiceError('NODE_UNREACHABLE', 'Nobody answers.'))
    dialled.push({ origin, close: onClosed })
    return Promise.resolve(createMemoryPair()[0])
  }
  return { dialled, ways: createSocketWays({ privateNetwork, dial }) }
}

describe('the WebSocket that a peer names', () => {
  const publicUrls = [
    'https://seeder.example',
    'https://seeder.example:8443',
    'https://1.1.1.1',
    'https://[2001:db8::1]',
  ]
  const privateUrls = [
    'https://127.0.0.1:4003',
    'https://localhost',
    'https://10.0.0.1',
    'https://[::1]:4003',
    'https://[::ffff:7f00:1]',
    'https://2130706433',
    'https://169.254.169.254',
    'https://printer.local.',
  ]
  const others = ['http://seeder.example', 'https://seeder.example:25', 'ftp://seeder.example', 'no url']

  it('is a way over TLS, at public hosts and usual ports', () => {
    const { ways } = setUp()
    for (const url of publicUrls) assert.equal(ways(provider(url)).length, 1, url)
    for (const url of [...privateUrls, ...others]) assert.deepEqual(ways(provider(url)), [], url)
    assert.deepEqual(ways(provider()), [])
  })

  it('is a way at private hosts and in the clear too on a private network', () => {
    const { ways } = setUp({ privateNetwork: true })
    for (const url of [...publicUrls, ...privateUrls, 'http://127.0.0.1:4003']) {
      assert.equal(ways(provider(url)).length, 1, url)
    }
    for (const url of ['ftp://127.0.0.1', 'no url']) assert.deepEqual(ways(provider(url)), [], url)
  })

  it('proves no peer, so that its address is part of the name that is blamed', () => {
    const [way] = setUp().ways(provider('https://seeder.example'))
    assert.deepEqual([way?.name, way?.provesPeers, way?.via], ['peer https://seeder.example', false, 'ws'])
  })

  it('is used once at a time for each peer, and again when it has closed', async () => {
    const { ways, dialled } = setUp()
    const [first] = ways(provider('https://seeder.example'))
    const [second] = ways(provider('https://seeder.example'))
    await first?.connect({ signal })
    assert.deepEqual(ways(provider('https://seeder.example')), [])
    assert.equal(ways(provider('https://other.example', 'another')).length, 1)
    await assert.rejects(
      async () => second?.connect({ signal }),
      (error) => isSluiceError(error, 'RATE_LIMITED'),
    )
    dialled[0]?.close()
    await second?.connect({ signal })
    // What closes late closes nobody else's place.
    dialled[0]?.close()
    assert.deepEqual(ways(provider('https://seeder.example')), [])
    assert.deepEqual(
      dialled.map(({ origin }) => origin),
      ['https://seeder.example', 'https://seeder.example'],
    )
  })

  it('keeps no place where nobody answers', async () => {
    const { ways } = setUp({ fails: true })
    const [way] = ways(provider('https://seeder.example'))
    await assert.rejects(
      async () => way?.connect({ signal }),
      (error) => isSluiceError(error, 'NODE_UNREACHABLE'),
    )
    assert.equal(ways(provider('https://seeder.example')).length, 1)
  })

  it('is one of a bounded number', async () => {
    const { ways } = setUp()
    for (let peer = 0; peer < 64; peer += 1) {
      await ways(provider('https://seeder.example', `${peer}`))[0]?.connect({ signal })
    }
    const [way] = ways(provider('https://seeder.example', 'one more'))
    await assert.rejects(
      async () => way?.connect({ signal }),
      (error) => isSluiceError(error, 'RATE_LIMITED'),
    )
  })
})
