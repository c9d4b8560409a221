import { isIP } from 'node:net'
import { isPrivate } from '../net/index.ts'

export type PeerAddress = { readonly host: string; readonly port: number }

/** Reads `1.2.3.4:5` or `[::1]:5`, as trackers and magnet links name peers; undefined for host names and anything else. */
export function parsePeerAddress(text: string): PeerAddress | undefined {
  const [, bracketed, bare, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? bare ?? ''
  const port = Number(digits)
  return isIP(host) !== 0 && port > 0 && port < 65_536 ? { host, port } : undefined
}

export function formatPeerAddress({ host, port }: PeerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Reads a tracker's URL; one of UDP comes as if it were HTTP's, whose hosts alone are normalised. Undefined for other kinds. */
export function parseTracker(text: string): { readonly url: URL; readonly isUdp: boolean } | undefined {
  const given = URL.parse(text)
  if (given === null || !TRACKER_PROTOCOLS.includes(given.protocol)) return undefined
  const isUdp = given.protocol === 'udp:'
  const url = isUdp ? URL.parse(given.href.replace(/^udp:/, 'http:')) : given
  return url === null || url.hostname === '' || url.port === '0' ? undefined : { url, isUdp }
}

/** The tracker URLs that may be asked: of a known kind, and on the public network unless this one is private. */
export function usableTrackers(urls: readonly string[], privateNetwork: boolean): string[] {
  return urls.filter((text) => {
    const host = parseTracker(text)?.url.hostname
    return host !== undefined && (privateNetwork || !isPrivate(host.replace(/^\[|\]$/g, '')))
  })
}

const TRACKER_PROTOCOLS: readonly string[] = ['http:', 'https:', 'udp:']
