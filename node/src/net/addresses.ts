import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])
const MAX_HOST = 253

type Component = { readonly name: string; readonly value?: string }

/** The multiaddr of an HTTP listener: `http://127.0.0.1:4003` → `/ip4/127.0.0.1/tcp/4003/http`. */
export function multiaddrOfUrl(url: string): string {
  const { protocol, hostname, port } = new URL(url)
  const scheme = protocol === 'https:' ? 'https' : 'http'
  const bare = hostname.replace(/^\[|\]$/g, '')
  const kind = bare.includes(':') ? 'ip6' : /^[\d.]+$/.test(bare) ? 'ip4' : 'dns4'
  return `/${kind}/${bare}/tcp/${port || (scheme === 'https' ? 443 : 80)}/${scheme}`
}

/** The base URL behind the first `/http` or `/https` address among a peer's; `undefined` when there is none. */
export function urlOfMultiaddrs(addresses: readonly (Multiaddr | string)[]): string | undefined {
  for (const address of addresses) {
    const url = urlOfMultiaddr(address)
    if (url !== undefined) return url
  }
  return undefined
}

function urlOfMultiaddr(address: Multiaddr | string): string | undefined {
  const [host, tcp, ...rest] = parse(address)
  const name = host === undefined ? undefined : hostName(host)
  const scheme = schemeOf(rest)
  if (name === undefined || scheme === undefined || tcp?.name !== 'tcp') return undefined
  return URL.parse(`${scheme}://${name}:${tcp.value ?? ''}`)?.origin
}

function hostName({ name, value = '' }: Component): string | undefined {
  if (!HOSTS.has(name) || value.length > MAX_HOST) return undefined
  return name === 'ip6' ? `[${value}]` : value
}

function schemeOf(rest: readonly Component[]): 'http' | 'https' | undefined {
  const path = rest
    .map(({ name }) => name)
    .filter((name) => name !== 'p2p')
    .join('/')
  if (path === 'http') return 'http'
  return path === 'https' || path === 'tls/http' ? 'https' : undefined
}

function parse(address: Multiaddr | string): Component[] {
  try {
    return (typeof address === 'string' ? multiaddr(address) : address).getComponents()
  } catch {
    return []
  }
}

/** IPv4 /24 and IPv6 /48, which one subscriber cannot widen at will: what limits per address are counted by. */
export function addressPrefix(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!bare.includes(':')) return bare.split('.').slice(0, 3).join('.')
  const [head = '', tail] = bare.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) while (groups.length < 3) groups.push('0')
  return groups.slice(0, 3).join(':').toLowerCase()
}

/** The IP address in a connection's multiaddr. */
export function ipOf(address: Multiaddr): string | undefined {
  return parse(address).find(({ name }) => name === 'ip4' || name === 'ip6')?.value
}
