import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Provider } from '@sluice/sdk/client'
import type { Host } from '../net/host.ts'
import { createAcquaintance } from './acquaintance.ts'

const newPeer = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
const turn = () => new Promise((resolve) => setImmediate(resolve))
const LISTENER = { multiaddr: multiaddr('/ip4/127.0.0.1/tcp/4321/http'), isCertified: true }
const URL = 'http://127.0.0.1:4321'

/** A host that is connected to a peer which has not said yet who it is and where it listens. */
function hostBefore() {
  const known = { addresses: [] as unknown[], metadata: new Map<string, Uint8Array>() }
  const events = new EventTarget()
  const host = Object.assign(events, { peerStore: { get: () => Promise.resolve(known) } }) as unknown as Host
  return {
    host,
    identify: (peerId: PeerId, addresses: unknown[] = [LISTENER]) => {
      Object.assign(known, { addresses, metadata: new Map([['AgentVersion', new Uint8Array()]]) })
      events.dispatchEvent(new CustomEvent('peer:identify', { detail: { peerId } }))
    },
    disconnect: (detail: PeerId) => events.dispatchEvent(new CustomEvent('peer:disconnect', { detail })),
  }
}

/** Introduces a peer; tells whether that is done. */
function introduce(host: Host, peer: PeerId, signal = new AbortController().signal) {
  const state = { done: false }
  const provider = createAcquaintance(host)
    .introduce(peer, signal)
    .finally(() => (state.done = true))
  return { provider, state }
}

describe('a peer that was connected to a moment ago', () => {
  it('is described once it has said where it listens', async () => {
    const [{ host, identify }, peer] = [hostBefore(), await newPeer()]
    const { provider, state } = introduce(host, peer)
    await turn()
    assert.equal(state.done, false)
    identify(peer)
    assert.equal((await provider).url, URL)
  })

  it('is not waited for where it has said so before, nor where it listens nowhere', async () => {
    const [{ host, identify }, peer] = [hostBefore(), await newPeer()]
    identify(peer, [])
    assert.equal((await introduce(host, peer).provider).url, undefined)
    identify(peer)
    assert.equal((await introduce(host, peer).provider).url, URL)
  })

  it('is waited for whatever others say and wherever they go', async () => {
    const [{ host, identify, disconnect }, peer, other] = [hostBefore(), await newPeer(), await newPeer()]
    const { state } = introduce(host, peer)
    await turn()
    identify(other)
    disconnect(other)
    await turn()
    assert.equal(state.done, false)
  })

  it('is described by what is known when it leaves, or when patience ends', async () => {
    const [{ host, disconnect }, peer] = [hostBefore(), await newPeer()]
    const leaving = introduce(host, peer)
    await turn()
    disconnect(peer)
    const nameless: Provider = { peerId: peer.toString(), multiaddrs: [] }
    assert.deepEqual(await leaving.provider, nameless)
    const patience = new AbortController()
    const waiting = introduce(host, peer, patience.signal)
    await turn()
    patience.abort()
    assert.deepEqual(await waiting.provider, nameless)
    assert.deepEqual(await introduce(host, peer, patience.signal).provider, nameless)
  })
})
