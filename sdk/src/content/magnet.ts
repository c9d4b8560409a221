import type { Hex } from 'viem'

/** What a magnet link of our own torrents says. Nothing of it is trusted: the slices are verified by CID. */
export type Magnet = {
  /** BitTorrent info-hash, 20 bytes. */
  readonly infoHash: Hex
  /** The torrent's name, which is the root CID. */
  readonly name?: string
  /** Bytes of all leaves. */
  readonly length?: number
  /** Announce URLs. */
  readonly trackers: readonly string[]
  /** Peers of the swarm, `host:port` each (BEP 9, `x.pe`). */
  readonly peers: readonly string[]
  /** The content id, or the manifest's CID where there is none: a root alone does not name sealed content. */
  readonly content?: string
}

const SCHEME = 'magnet:?'
const TOPIC = 'urn:btih:'
/** Trackers and peers read from one link at most: a link is a stranger's word. */
const MAX_LISTED = 16

/** Whether a text is meant as a magnet link. */
export function isMagnet(text: string): boolean {
  return text.toLowerCase().startsWith(SCHEME)
}

/** The link by which a torrent client finds the swarm, and this project the content in it. */
export function formatMagnet({ infoHash, name, length, trackers, peers, content }: Magnet): string {
  const fields: [string, string][] = []
  if (name !== undefined) fields.push(['dn', name])
  if (length !== undefined) fields.push(['xl', String(length)])
  for (const tracker of trackers) fields.push(['tr', tracker])
  for (const peer of peers) fields.push(['x.pe', peer])
  if (content !== undefined) fields.push(['x.sluice', content])
  // Many clients read the topic only where its colons are not escaped.
  return [
    `${SCHEME}xt=${TOPIC}${infoHash.slice(2)}`,
    ...fields.map(([key, value]) => `${key}=${escapeField(value)}`),
  ].join('&')
}

/** Reads a magnet link; undefined where it names no BitTorrent info-hash in hex. */
export function parseMagnet(text: string): Magnet | undefined {
  if (!isMagnet(text)) return undefined
  const fields = new URLSearchParams(text.slice(SCHEME.length))
  const topic = fields.getAll('xt').find((value) => /^urn:btih:[0-9a-f]{40}$/i.test(value))
  if (topic === undefined) return undefined
  const [name, length, content] = [fields.get('dn'), fields.get('xl'), fields.get('x.sluice')]
  return {
    infoHash: `0x${topic.slice(TOPIC.length).toLowerCase()}`,
    trackers: fields.getAll('tr').slice(0, MAX_LISTED),
    peers: fields.getAll('x.pe').slice(0, MAX_LISTED),
    ...(name === null ? {} : { name }),
    ...(length === null || !/^\d{1,15}$/.test(length) ? {} : { length: Number(length) }),
    ...(content === null ? {} : { content }),
  }
}

function escapeField(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/')
}
