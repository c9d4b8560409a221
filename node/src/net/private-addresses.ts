import { BlockList, isIP } from 'node:net'

const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  // Compatible with IPv4 (RFC 4291, long given up), and what a network translates within itself (RFC 8215).
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6')

const MAPPED = [0, 0, 0, 0, 0, 0xffff].join(':')
const NAT64 = [0x64, 0xff9b, 0, 0, 0, 0].join(':')
const SIX_TO_FOUR = 0x2002

/** Whether an address is of a private network or of this machine, where a stranger has no business sending us. */
export function isPrivate(name: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, '')
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')
  const inside = family === 6 ? ipv4In(host) : undefined
  return PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4') || (inside !== undefined && isPrivate(inside))
}

/** The IPv4 address to which an IPv6 one leads: mapped, through NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function ipv4In(host: string): string | undefined {
  const groups = groupsOf(host)
  const prefix = groups.slice(0, 6).join(':')
  const at = prefix === MAPPED || prefix === NAT64 ? 6 : groups[0] === SIX_TO_FOUR ? 1 : undefined
  if (at === undefined) return undefined
  const bytes = groups.slice(at, at + 2).flatMap((group) => [group >> 8, group & 0xff])
  return bytes.join('.')
}

/** The eight numbers of an IPv6 address, however it is written. */
function groupsOf(host: string): number[] {
  const written = URL.parse(`http://[${host}]`)?.hostname.slice(1, -1) ?? '::'
  const [before = [], after = []] = written.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const zeros = Array<string>(Math.max(8 - before.length - after.length, 0)).fill('0')
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16))
}
