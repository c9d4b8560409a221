import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import Client from 'bittorrent-tracker/client'
import { SluiceError } from '@sluice/sdk'
import { resolveHost } from '../net/index.ts'
import type { Reach } from '../net/index.ts'
import { parseTracker } from './addresses.ts'
import { readBencodedDictionary } from './bencode-reader.ts'
import type { Bencoded } from './bencode-reader.ts'

export type Announcement = {
  /** 40 digits in hex, and so is the node's id in all swarms. */
  readonly infoHash: string
  readonly peerId: string
  /** Where the node's BitTorrent listener is. */
  readonly port: number
  /** Bytes still missing. */
  readonly left: number
  /** Peers that are wanted in return. */
  readonly numwant: number
  readonly event?: 'started' | 'stopped'
}

export type Answer = {
  /** `host:port`, as the tracker gives them: nothing of it is checked. */
  readonly peers: readonly string[]
  /** Seconds until the tracker wants to be told again; undefined where it does not say. */
  readonly interval: number | undefined
}

const MAX_ANSWER_BYTES = 65_536
const MAX_PEERS = 200
/** Of trackers that name none; their URLs are read as HTTP's. */
const DEFAULT_PORT = 80

/**
 * Tells one tracker of one swarm, over HTTP or UDP. Throws NODE_UNREACHABLE when it does not answer before the signal aborts, or
 * answers anything but what it should: a tracker is a stranger.
 */
export async function announce(tracker: string, announcement: Announcement, reach: Reach): Promise<Answer> {
  try {
    const url = parseTracker(tracker)
    if (url === undefined) throw new TypeError('not the URL of a tracker')
    const { peers, interval } = await (url.isUdp ? overUdp : overHttp)(url.url, announcement, reach)
    return { peers: peers.slice(0, MAX_PEERS), interval }
  } catch (cause) {
    throw new SluiceError('NODE_UNREACHABLE', `The tracker ${tracker} gives no answer.`, { cause })
  }
}

async function overHttp(url: URL, announcement: Announcement, reach: Reach): Promise<Answer> {
  const { infoHash, peerId, port, left, numwant, event } = announcement
  const query = [
    `info_hash=${escapeHex(infoHash)}&peer_id=${escapeHex(peerId)}&port=${port}&left=${left}&numwant=${numwant}`,
    'uploaded=0&downloaded=0&compact=1',
    ...(event === undefined ? [] : [`event=${event}`]),
  ]
  const target = new URL(url)
  target.hash = ''
  target.search = [target.search.slice(1), ...query].filter((part) => part !== '').join('&')
  const response = await get(target, reach)
  const answer = readBencodedDictionary(await readBounded(response), MAX_ANSWER_BYTES)
  if (response.statusCode !== 200) throw new TypeError(`answered with ${response.statusCode}`)
  if (answer['failure reason'] !== undefined) throw new TypeError('refused')
  const { interval, peers, peers6 } = answer
  return {
    peers: [...peersIn(peers, 4), ...peersIn(peers6, 16)],
    interval: typeof interval === 'number' && interval >= 0 ? interval : undefined,
  }
}

/** Follows no redirect: an answer comes from where it was asked for. */
async function get(url: URL, reach: Reach): Promise<IncomingMessage> {
  const addresses = await resolveHost(url.hostname, reach)
  const lookup: LookupFunction = (_host, { all }, done) => {
    if (all === true) done(null, addresses)
    else done(null, addresses[0]?.address ?? '', addresses[0]?.family)
  }
  const answered = Promise.withResolvers<IncomingMessage>()
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  request(url, { agent: false, lookup, signal: reach.signal })
    .once('response', answered.resolve)
    .once('error', answered.reject)
    // Also without an error, where it answers with another protocol.
    .once('close', () => answered.reject(new TypeError('closed')))
    .end()
  return answered.promise
}

async function readBounded(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_ANSWER_BYTES) throw new RangeError(`more than ${MAX_ANSWER_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Peers as a list of dictionaries, or packed: an address and a port of two bytes each. */
function peersIn(value: Bencoded | undefined, addressBytes: 4 | 16): string[] {
  if (!(value instanceof Uint8Array)) return isList(value) ? value.flatMap(peerIn) : []
  const packed = Buffer.from(value)
  const size = addressBytes + 2
  return Array.from({ length: Math.floor(packed.length / size) }, (_, index) => {
    const at = index * size
    const port = packed.readUInt16BE(at + addressBytes)
    if (addressBytes === 4) return `${packed.subarray(at, at + 4).join('.')}:${port}`
    const groups = Array.from({ length: 8 }, (_, group) => packed.readUInt16BE(at + group * 2).toString(16))
    return `[${groups.join(':')}]:${port}`
  })
}

function isList(value: Bencoded | undefined): value is readonly Bencoded[] {
  return Array.isArray(value)
}

function peerIn(peer: Bencoded): string[] {
  if (typeof peer === 'number' || peer instanceof Uint8Array || !('ip' in peer)) return []
  const { ip, port } = peer
  if (!(ip instanceof Uint8Array) || typeof port !== 'number') return []
  const host = Buffer.from(ip).toString('latin1')
  return [host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`]
}

/** Over the library's client, which lives for one question: what it would repeat by itself, and how often, is the tracker's to say. */
async function overUdp({ hostname, port: at }: URL, announcement: Announcement, reach: Reach): Promise<Answer> {
  const { infoHash, peerId, port, left, numwant, event } = announcement
  const { signal } = reach
  const address = (await resolveHost(hostname, reach)).find(({ family }) => family === 4)?.address
  if (address === undefined) throw new TypeError('asked over IPv4 alone')
  const peers: string[] = []
  const answered = Promise.withResolvers<void>()
  const fail = (error: unknown): void => answered.reject(error)
  const giveUp = (): void => fail(signal.reason)
  signal.throwIfAborted()
  const client = new Client({ infoHash, peerId, announce: [`udp://${address}:${at || DEFAULT_PORT}`], port })
  client.on('peer', (peer) => peers.push(peer))
  client
    .on('update', () => answered.resolve())
    .on('warning', fail)
    .on('error', fail)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    const options = { left, numwant }
    if (event === 'started') client.start(options)
    else if (event === 'stopped') client.stop(options)
    else client.update(options)
    await answered.promise
    return { peers, interval: undefined }
  } finally {
    signal.removeEventListener('abort', giveUp)
    client.destroy()
  }
}

function escapeHex(hex: string): string {
  return hex.replace(/../g, '%$&')
}
