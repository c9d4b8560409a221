import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { bytesToHex, concatBytes, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { channelId, createMemoryPayerLedger, DEFAULT_CLAIM_POLICY, descriptorOf } from '@sluice/sdk/channel'
import type { PayerLedger } from '@sluice/sdk/channel'
import type { ResolvedContent } from '@sluice/sdk/client'
import { connectSource, createPayer } from '@sluice/sdk/exchange'
import type { FrameChannel, Payer, Source } from '@sluice/sdk/exchange'
import { createMemoryPair } from '@sluice/sdk/exchange/testing'
import { generateSession } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import type { SliceRange } from '@sluice/sdk/wire'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { Ledger } from '../ledger/index.ts'
import type { ChainStanding } from '../ledger/index.ts'
import { createSliceService, DEFAULT_SLICE_POLICY } from '../protocols/slice/index.ts'
import type { ChannelActions, Remote, SliceComponents, SlicePolicy, SliceService } from '../protocols/slice/index.ts'
import { quiet } from './peers.ts'

/** Parts for tests of the paid exchange: everything is real but the chain, which is a few maps. */

export const DOMAIN = { chainId: 8888, channels: `0x${'c0'.repeat(20)}` } as const
export const PRICE = 1000n
const SLICE_BYTES = 4096
export const WALLET: Address = `0x${'a1'.repeat(20)}`
export const PAYEE: Address = `0x${'b2'.repeat(20)}`
/** What a seeder of these tests sells by, its gas for nothing. */
export const POLICY: SlicePolicy = {
  ...DEFAULT_SLICE_POLICY,
  payee: PAYEE,
  token: zeroAddress,
  price: PRICE,
  claim: DEFAULT_CLAIM_POLICY,
  rate: { wei: 1n, unit: 1n },
}

/** A content of `count` slices, each checked by its sha-256. */
export function makeContent(count: number, options: { open?: boolean; sliceBytes?: number } = {}) {
  const slices = Array.from({ length: count }, () => new Uint8Array(randomBytes(options.sliceBytes ?? SLICE_BYTES)))
  const digests = slices.map((slice) => sha256(slice))
  const root: CID = CID.createV1(0x70, createDigest(0x12, Buffer.from(sha256(concatBytes(slices.slice(0, 1))), 'hex')))
  const verify = (index: number, bytes: Uint8Array): boolean => sha256(bytes) === digests[index]
  return { root, slices, verify, open: options.open ?? false }
}

export type TestContent = ReturnType<typeof makeContent>

/** A content of one slice, whose root is that slice's own CID. */
export function makeSlice() {
  const content = makeContent(1)
  const [slice = new Uint8Array()] = content.slices
  const root = CID.createV1(0x55, createDigest(0x12, Buffer.from(sha256(slice), 'hex')))
  return { ...content, root, slice }
}

/** The same as a reader has it. */
export function resolved({ root, slice }: ReturnType<typeof makeSlice>): ResolvedContent {
  return { root, access: 'sealed', sliceCount: 1, leafBytes: slice.length, byteSize: slice.length }
}

/** SliceChannels' rules as far as the service sees them. */
export function createMemoryChain(escrow: Map<string, bigint>): ChannelActions & { channels: Map<Hex, ChainStanding> } {
  const channels = new Map<Hex, ChainStanding>()
  const draw = (payer: Address, amount: bigint): void => {
    const left = escrow.get(payer.toLowerCase()) ?? 0n
    if (left < amount) throw new SluiceError('INSUFFICIENT_FUNDS', 'The escrow is empty.')
    escrow.set(payer.toLowerCase(), left - amount)
  }
  const require = (id: Hex): ChainStanding => {
    const standing = channels.get(id)
    if (standing === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel.')
    return standing
  }
  const claim: ChannelActions['claim'] = async (claims) => ({
    hash: bytesToHex(randomBytes(32)),
    claimed: claims.map(({ voucher, ticks }) => {
      const standing = require(voucher.channelId)
      const promised = voucher.cumulative + BigInt(ticks) * voucher.tickValue
      const claimed = promised < standing.deposit ? promised : standing.deposit
      channels.set(voucher.channelId, { ...standing, claimed })
      return { channelId: voucher.channelId, paid: claimed - standing.claimed, claimed }
    }),
  })
  return {
    channels,
    open: async (intent) => {
      draw(intent.payer, intent.amount)
      const { amount: deposit, challenge } = intent
      channels.set(channelId(DOMAIN, descriptorOf(intent)), { deposit, claimed: 0n, closesAt: 0n, challenge })
    },
    topUp: async ({ payer }, { channelId: id, newDeposit }) => {
      const standing = require(id)
      draw(payer, newDeposit - standing.deposit)
      channels.set(id, { ...standing, deposit: newDeposit })
    },
    claim,
    claimAndClose: async (one) => claim([one]),
    closeNow: async () => ({ hash: bytesToHex(randomBytes(32)) }),
    standing: async (id) => channels.get(id),
    gasPrice: async () => 0n,
  }
}

const running: SliceService[] = []

/** Ends every connection that a test left open. */
export async function stopSeeders(): Promise<void> {
  await Promise.all(running.splice(0).map((service) => service.stop()))
}

export type SeederOptions = {
  contents: readonly TestContent[]
  chain?: ChannelActions
  policy?: Partial<SlicePolicy>
  ledgerPath?: string
  entitled?: () => readonly SliceRange[]
  sessionExpiry?: () => bigint
  creator?: Address
  publicSlices?: readonly SliceRange[]
  overrides?: Partial<SliceComponents>
}

/** One seeder: its service, its ledger, and what a test may turn in it. */
export async function startSeeder(options: SeederOptions) {
  const escrow = new Map([[WALLET.toLowerCase(), 10n ** 18n]])
  const key = await generateKeyPair('Ed25519')
  const identity = { peerId: peerIdFromPrivateKey(key).toString(), sign: (bytes: Uint8Array) => key.sign(bytes) }
  const ledger = new Ledger(options.ledgerPath ?? ':memory:')
  const listeners = new Set<() => void>()
  const chain = options.chain ?? createMemoryChain(escrow)
  const service = createSliceService({
    store: memoryStore(options.contents),
    ledger,
    entitlements: {
      check: async () => options.entitled?.() ?? [{ first: 0, last: 2 ** 20 }],
      publicSlices: () => options.publicSlices ?? [],
      creatorOf: async () => options.creator,
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    sessions: { expiry: async () => options.sessionExpiry?.() ?? 2n ** 40n },
    chain,
    identity,
    policy: { ...POLICY, ...options.policy },
    domain: DOMAIN,
    log: quiet,
    ...options.overrides,
  })
  running.push(service)
  return { service, ledger, chain, escrow, identity, changed: () => listeners.forEach((listener) => listener()) }
}

export type Seeder = Awaited<ReturnType<typeof startSeeder>>

/** Wallet, session and purse of one consumer. */
export async function createConsumer(options: { available?: bigint; ledger?: PayerLedger; session?: Session } = {}) {
  const session = options.session ?? (await generateSession())
  const ledger = options.ledger ?? createMemoryPayerLedger()
  const available = async (): Promise<bigint> => options.available ?? 10n ** 15n
  const payer = createPayer({ wallet: WALLET, session, domain: DOMAIN, ledger, available })
  return { wallet: WALLET, session, ledger, payer }
}

/** Connects in memory; `intercept` may stand between the two ends. */
export async function connect(
  seeder: Seeder,
  content: TestContent,
  options: {
    payer?: Payer
    peerId?: string
    remote?: Partial<Remote>
    intercept?: (channel: FrameChannel) => FrameChannel
    source?: Partial<connectSource.Options>
  } = {},
): Promise<Source> {
  const [near, far] = createMemoryPair()
  const remote: Remote = { transport: 'libp2p', addressPrefix: '127.0.0', ...options.remote }
  void seeder.service.serve(far, remote)
  return connectSource(options.intercept?.(near) ?? near, {
    peerId: options.peerId ?? seeder.identity.peerId,
    root: content.root,
    sliceCount: content.slices.length,
    domain: DOMAIN,
    verify: content.verify,
    maxPrice: PRICE,
    ...(options.payer && { payer: options.payer }),
    ...options.source,
  })
}

/** The first `count` slices. */
export function fetchAll(source: Source, count: number): Promise<Uint8Array[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => source.fetch(index)))
}

export function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  return assert.rejects(promise, (error) => isSluiceError(error, code) || assert.fail(String(error)))
}

/** Contents in memory, all of them whole. */
export function memoryStore(contents: readonly TestContent[]): SliceComponents['store'] {
  const byRoot = new Map(contents.map((content) => [content.root.toString(), content]))
  return {
    get: (root) => {
      const content = byRoot.get(root)
      if (content === undefined) return undefined
      return {
        root,
        chainKind: content.open ? 'open' : 'sealed',
        manifestCid: root,
        title: '',
        mime: '',
        sliceCount: content.slices.length,
        byteLength: content.slices.reduce((sum, slice) => sum + slice.length, 0),
        origin: true,
        pinned: false,
        have: content.slices.length,
        usedAt: 0,
        scrubbedAt: 0,
        replicas: 0,
        offered: false,
      }
    },
    has: (root) => {
      const content = byRoot.get(root)
      return content && new Uint8Array(Math.ceil(content.slices.length / 8)).fill(255)
    },
    readSlice: async (root, index) => byRoot.get(root)?.slices[index],
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
