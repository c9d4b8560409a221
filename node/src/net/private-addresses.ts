import { BlockList, isIP } from 'node:net'

const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6')

/** Whether an address is of a private network or of this machine, where a stranger has no business sending us. */
export function isPrivate(name: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, '')
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1]
  return mapped === undefined ? PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4') : isPrivate(mapped)
}
