import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { contractsBy, MAX_SOCIAL_ACTIONS } from '@sluice/sdk/chain'
import { TomlError, parse as parseToml } from 'smol-toml'
import { zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import type { ContractAddresses, NodeRole } from './api/types.ts'
import { asText, createReader, oneOf } from './config/reader.ts'
import type { Reader } from './config/reader.ts'
import {
  asAddress,
  asAmount,
  asIp,
  asMultiaddr,
  asName,
  asNativeToken,
  asOrigin,
  asPassphrase,
  asPrivateKey,
  asUrl,
} from './config/values.ts'
import type { CertificateFiles } from './http/index.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** To whom this node, as a creator's, grants free copies of what was uploaded here. */
export type ReplicationPolicy = 'any' | 'peers' | 'none'

/** Everything a node can be told. Amounts in token base units, durations as their names say, sizes in bytes. */
export type NodeConfig = {
  readonly name: string
  readonly dataDir: string
  readonly keystorePath: string
  readonly logLevel: LogLevel
  readonly roles: readonly NodeRole[]
  /** Static export of the dApp that the public listener serves; nothing is served without. */
  readonly appDir?: string
  /** GraphQL endpoint of an index that pages are told of; lists come from the chain's logs without. */
  readonly indexUrl?: string
  readonly chain: {
    readonly rpcUrl: string
    /** What pages are told to use, where the node's own endpoint is private. */
    readonly publicRpcUrl?: string
    readonly chainId: number
    readonly contracts: ContractAddresses
    readonly pollIntervalMs: number
    /** Blocks on top of a transaction before money relies on it; 1 is its own block. */
    readonly confirmations: number
  }
  readonly p2p: {
    readonly listen: readonly string[]
    /** Announced instead of what is found; the public listener's address is always added. */
    readonly announce: readonly string[]
    readonly bootstrap: readonly string[]
    /** Peers on loopback and private addresses count: development and closed networks. */
    readonly privateNetwork: boolean
    readonly maxConnections: number
  }
  readonly public: {
    readonly host: string
    readonly port: number
    readonly url?: string
    /** PEM files, with which the listener speaks TLS alone. */
    readonly tls?: CertificateFiles
  }
  readonly admin: {
    readonly host: string
    readonly port: number
    readonly tokenFile: string
    /** Origins of pages that may use the admin API, besides the public listener's own. */
    readonly allowedOrigins: readonly string[]
  }
  readonly price: { readonly token: Address; readonly amount: bigint }
  readonly exchange: {
    /** Slices served ahead of payment. */
    readonly creditSlices: number
    /** Smallest channel accepted, as a multiple of what opening and claiming costs in gas. */
    readonly minChannelFactor: number
    readonly challengeSeconds: number
  }
  readonly replication: {
    readonly policy: ReplicationPolicy
    readonly peers: readonly string[]
    readonly maxBytes: number
    readonly grantSeconds: number
    /** Whose offers of contents to keep this node takes, as a seeder, and how many bytes of them in all and in a day. */
    readonly accept: ReplicationPolicy
    readonly acceptPeers: readonly string[]
    readonly acceptBytes: number
    /** How often this node, as a creator's, asks who still holds what it wants replicas of; how long one may be silent. */
    readonly checkSeconds: number
    readonly graceSeconds: number
  }
  readonly storage: {
    readonly quotaBytes: number
    readonly reserveBytes: number
    /** Days after which a content is read again and compared; 0 for never. */
    readonly scrubDays: number
  }
  /** The torrents' swarms, a second way to the same slices. */
  readonly torrent: {
    readonly enabled: boolean
    /** Where BitTorrent connections, and the tracker's if there is one, are accepted. */
    readonly host: string
    readonly port: number
    /** Announce URLs. */
    readonly trackers: readonly string[]
    /** Whether this node is a tracker, for everybody who reaches it. */
    readonly tracker: boolean
    readonly trackerPort: number
  }
  /** Social actions that sessions signed, carried for pages and peers. */
  readonly social: {
    /** Whether this node takes them and passes them on. */
    readonly relay: boolean
    /** Whether this node also submits them, and pays the gas. */
    readonly submit: boolean
    /** Actions that make a batch worth it at once; 1 to 64. What has waited so long makes one of any size. */
    readonly minBatch: number
    readonly maxWaitSeconds: number
    /** Gas of one batch at most. */
    readonly maxGas: number
    /** Spent in one day (UTC) at most, wei. */
    readonly dailyBudget: bigint
    /** Least stake or escrow of a wallet that speaks of what it has no key of, wei. */
    readonly minStake: bigint
    /** Posts per minute from one address prefix at the public listener. */
    readonly postsPerMinute: number
  }
  readonly limits: {
    /** Requests per minute from one address prefix (IPv4 /24, IPv6 /48) at the public listener. */
    readonly requestsPerMinute: number
    /** Blocks per minute to one peer. */
    readonly blocksPerMinute: number
    /** Slice exchanges open at once, all transports together. */
    readonly maxExchanges: number
  }
  readonly keystore: {
    readonly passphrase: string
    /** Imported as the operator's wallet where the keystore has none yet. */
    readonly operatorKey?: Hex
  }
}

export type ConfigSource = {
  /** TOML file; without one, the environment and the overrides are all there is. */
  readonly file?: string
  /** The process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** In the file's shape; stronger than the environment. */
  readonly overrides?: Readonly<Record<string, unknown>>
}

const GIB = 1024 ** 3
const MIB = 1024 ** 2
const asLogLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent')
const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost'] as const

/**
 * Reads and checks a node's configuration: overrides before `SLUICE_*` variables before the file.
 * Throws BAD_INPUT naming the key, what it was and what is allowed; unknown keys are refused.
 */
export function loadConfig(source: ConfigSource = {}): NodeConfig {
  const environment = source.environment ?? process.env
  const read = createReader({
    file: source.file === undefined ? {} : readFile(source.file),
    fileName: source.file ?? 'the configuration file',
    environment,
    overrides: source.overrides ?? {},
  })
  const dataDir = resolve(read.text('data_dir', { fallback: join(homedir(), '.sluice') }))
  const appDir = optional(read, 'app_dir', 'a directory', asText)
  const indexUrl = optional(read, 'index_url', 'an http(s) URL', asUrl(['http:', 'https:']))
  const config: NodeConfig = {
    name: read.field('name', 'a name of 1 to 32 letters, digits, dots or dashes', asName, { fallback: 'node' }),
    dataDir,
    keystorePath: join(dataDir, 'keystore.json'),
    logLevel: read.field('log_level', 'trace, debug, info, warn, error or silent', asLogLevel, { fallback: 'info' }),
    roles: read.list('roles', 'seeder, keeper, bootstrap', oneOf('seeder', 'keeper', 'bootstrap'), {
      fallback: ['seeder'],
    }),
    ...(appDir === undefined ? {} : { appDir: resolve(appDir) }),
    ...(indexUrl === undefined ? {} : { indexUrl }),
    chain: readChain(read),
    p2p: readPeerToPeer(read),
    ...readListeners(read, dataDir),
    ...readTrade(read),
    replication: readReplication(read),
    torrent: readTorrent(read),
    social: readSocial(read),
    storage: {
      quotaBytes: read.integer('storage.quota_bytes', { min: MIB, max: 2 ** 50 }, { fallback: 100 * GIB }),
      reserveBytes: read.integer('storage.reserve_bytes', { min: 0, max: 2 ** 50 }, { fallback: GIB }),
      scrubDays: read.integer('storage.scrub_days', { min: 0, max: 3650 }, { fallback: 30 }),
    },
    limits: {
      requestsPerMinute: read.integer('limits.requests_per_minute', { min: 1, max: 1e6 }, { fallback: 1200 }),
      blocksPerMinute: read.integer('limits.blocks_per_minute', { min: 1, max: 1e6 }, { fallback: 1200 }),
      maxExchanges: read.integer('limits.max_exchanges', { min: 1, max: 10_000 }, { fallback: 256 }),
    },
    keystore: readKeystore(read),
  }
  read.refuseUnknown()
  return config
}

function readChain(read: Reader): NodeConfig['chain'] {
  const publicRpcUrl = optional(read, 'chain.public_rpc_url', 'an http(s) URL', asUrl(['http:', 'https:']))
  return {
    ...(publicRpcUrl === undefined ? {} : { publicRpcUrl }),
    rpcUrl: read.field('chain.rpc_url', 'an http(s) or ws(s) URL', asUrl(['http:', 'https:', 'ws:', 'wss:']), {
      alias: 'SLUICE_RPC_URL',
    }),
    chainId: read.integer('chain.id', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    contracts: contractsBy((name) => read.field(`chain.${name}`, 'an address', asAddress)),
    pollIntervalMs: read.integer('chain.poll_interval_ms', { min: 50, max: 600_000 }, { fallback: 2000 }),
    confirmations: read.integer('chain.confirmations', { min: 1, max: 64 }, { fallback: 1 }),
  }
}

function readPeerToPeer(read: Reader): NodeConfig['p2p'] {
  return {
    listen: read.list('p2p.listen', 'multiaddrs', asMultiaddr, {
      fallback: ['/ip4/127.0.0.1/tcp/4001', '/ip4/127.0.0.1/tcp/4002/ws'],
    }),
    announce: read.list('p2p.announce', 'multiaddrs', asMultiaddr, { fallback: [] }),
    bootstrap: read.list('p2p.bootstrap', 'multiaddrs', asMultiaddr, { fallback: [] }),
    privateNetwork: read.flag('p2p.private_network', { fallback: false }),
    maxConnections: read.integer('p2p.max_connections', { min: 1, max: 10_000 }, { fallback: 300 }),
  }
}

function readListeners(read: Reader, dataDir: string): Pick<NodeConfig, 'public' | 'admin'> {
  const port = { min: 0, max: 65_535 }
  const tls = readTls(read)
  const schemes = tls === undefined ? ['http:', 'https:'] : ['https:']
  const url = optional(read, 'public.url', tls === undefined ? 'an http(s) URL' : 'an https URL', asUrl(schemes))
  return {
    public: {
      host: read.text('public.host', { fallback: '127.0.0.1' }),
      port: read.integer('public.port', port, { fallback: 4003 }),
      ...(url === undefined ? {} : { url }),
      ...(tls === undefined ? {} : { tls }),
    },
    admin: {
      host: read.field('admin.host', `loopback (${LOOPBACK_HOSTS.join(', ')})`, oneOf(...LOOPBACK_HOSTS), {
        fallback: '127.0.0.1',
      }),
      port: read.integer('admin.port', port, { fallback: 4004 }),
      tokenFile: resolve(read.text('admin.token_file', { fallback: join(dataDir, 'admin.token') })),
      allowedOrigins: read.list('admin.allowed_origins', 'origins', asOrigin, { fallback: [] }),
    },
  }
}

function readTls(read: Reader): CertificateFiles | undefined {
  const certificate = optional(read, 'public.certificate', 'a PEM file', asText)
  const key = optional(read, 'public.certificate_key', 'a PEM file', asText)
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined)
    throw new SluiceError('BAD_INPUT', 'public.certificate and public.certificate_key are of use together alone.')
  return { certificate: resolve(certificate), key: resolve(key) }
}

function readTrade(read: Reader): Pick<NodeConfig, 'price' | 'exchange'> {
  return {
    price: {
      token: read.field('price.token', 'the zero address: slices are sold for the chain’s coin only', asNativeToken, {
        fallback: zeroAddress,
      }),
      amount: read.field('price.amount', 'base units per slice, a decimal text below 2^96', asAmount, {
        fallback: 1_000_000_000n,
      }),
    },
    exchange: {
      creditSlices: read.integer('exchange.credit_slices', { min: 1, max: 1024 }, { fallback: 32 }),
      minChannelFactor: read.integer('exchange.min_channel_factor', { min: 0, max: 10_000 }, { fallback: 20 }),
      challengeSeconds: read.integer('exchange.challenge_seconds', { min: 60, max: 16_777_215 }, { fallback: 86_400 }),
    },
  }
}

function readReplication(read: Reader): NodeConfig['replication'] {
  return {
    policy: read.field('replication.policy', 'any, peers or none', oneOf('any', 'peers', 'none'), { fallback: 'none' }),
    peers: read.list('replication.peers', 'peer ids', asText, { fallback: [] }),
    maxBytes: read.integer('replication.max_bytes', { min: 0, max: 2 ** 50 }, { fallback: 10 * GIB }),
    grantSeconds: read.integer('replication.grant_seconds', { min: 60, max: 31_536_000 }, { fallback: 86_400 }),
    accept: read.field('replication.accept', 'any, peers or none', oneOf('any', 'peers', 'none'), { fallback: 'none' }),
    acceptPeers: read.list('replication.accept_peers', 'peer ids', asText, { fallback: [] }),
    acceptBytes: read.integer('replication.accept_bytes', { min: 0, max: 2 ** 50 }, { fallback: 10 * GIB }),
    checkSeconds: read.integer('replication.check_seconds', { min: 10, max: 86_400 }, { fallback: 600 }),
    graceSeconds: read.integer('replication.grace_seconds', { min: 0, max: 604_800 }, { fallback: 900 }),
  }
}

function readTorrent(read: Reader): NodeConfig['torrent'] {
  const port = { min: 0, max: 65_535 }
  const protocols = ['http:', 'https:', 'udp:']
  return {
    enabled: read.flag('torrent.enabled', { fallback: false }),
    host: read.field('torrent.host', 'an IP address', asIp, { fallback: '127.0.0.1' }),
    port: read.integer('torrent.port', port, { fallback: 4005 }),
    trackers: read.list('torrent.trackers', 'http(s) and udp URLs', asUrl(protocols), { fallback: [] }),
    tracker: read.flag('torrent.tracker', { fallback: false }),
    trackerPort: read.integer('torrent.tracker_port', port, { fallback: 4006 }),
  }
}

function readSocial(read: Reader): NodeConfig['social'] {
  const wei = 'wei, a decimal text below 2^96'
  return {
    relay: read.flag('social.relay', { fallback: true }),
    submit: read.flag('social.submit', { fallback: false }),
    minBatch: read.integer('social.min_batch', { min: 1, max: MAX_SOCIAL_ACTIONS }, { fallback: 8 }),
    maxWaitSeconds: read.integer('social.max_wait_seconds', { min: 0, max: 3600 }, { fallback: 30 }),
    maxGas: read.integer('social.max_gas', { min: 500_000, max: 100_000_000 }, { fallback: 8_000_000 }),
    dailyBudget: read.field('social.daily_budget', wei, asAmount, { fallback: 10n ** 16n }),
    minStake: read.field('social.min_stake', wei, asAmount, { fallback: 10n ** 15n }),
    postsPerMinute: read.integer('social.posts_per_minute', { min: 1, max: 1e6 }, { fallback: 60 }),
  }
}

function readKeystore(read: Reader): NodeConfig['keystore'] {
  const file = optional(read, 'keystore.passphrase_file', 'a file', asText)
  const fallback = file === undefined ? {} : { fallback: readSecret(file) }
  const operatorKey = optional(read, 'keystore.operator_key', '32 bytes in hex', asPrivateKey, 'SLUICE_OPERATOR_KEY')
  return {
    passphrase: read.field('keystore.passphrase', 'a text of 8 characters or more', asPassphrase, {
      ...fallback,
      alias: 'SLUICE_PASSPHRASE',
    }),
    ...(operatorKey === undefined ? {} : { operatorKey }),
  }
}

function optional<T>(
  read: Reader,
  key: string,
  allowed: string,
  parse: (value: unknown) => T | undefined,
  alias?: string,
): T | undefined {
  return read.field<T | undefined>(key, allowed, parse, {
    fallback: undefined,
    ...(alias === undefined ? {} : { alias }),
  })
}

function readFile(path: string): Record<string, unknown> {
  try {
    return parseToml(readFileSync(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof TomlError ? `is not TOML (line ${cause.line})` : 'cannot be read'
    throw new SluiceError('BAD_INPUT', `The configuration file ${path} ${reason}.`, { cause })
  }
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new SluiceError('BAD_INPUT', `keystore.passphrase_file ${path} cannot be read.`, { cause })
  }
}
