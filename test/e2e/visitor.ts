import { createWalletClient, http, parseEther } from 'viem'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { authorize, depositAndAuthorize, NATIVE_TOKEN, readEditions } from '@sluice/sdk/chain'
import { createMemoryPayerLedger } from '@sluice/sdk/channel'
import {
  buyEdition,
  createConsumerPayer,
  createHttpNetwork,
  fetchLockbox,
  resolveContent,
  sessionDomain,
} from '@sluice/sdk/client'
import type { Reader, ResolvedContent } from '@sluice/sdk/client'
import { createDagReader, equalBytes, sha256 } from '@sluice/sdk/content'
import { SluiceError } from '@sluice/sdk'
import { connectSource, connectWebSocket, createHello } from '@sluice/sdk/exchange'
import type { FrameChannel, Payer, Source } from '@sluice/sdk/exchange'
import { createShareRequest, verifyShare } from '@sluice/sdk/key'
import type { Share, VerifiedLockbox } from '@sluice/sdk/key'
import { generateSession } from '@sluice/sdk/session'
import type { Session, SessionDomain } from '@sluice/sdk/session'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import type { Frame, HelloMessage, TermsMessage } from '@sluice/sdk/wire'
import type { DevNode } from '../../scripts/dev-network/nodes.ts'
import type { Harness } from './harness.ts'

type Name = DevNode['name']

/** A published content with all that it takes to ask for its slices and keys. */
export type Work = ResolvedContent & {
  readonly record: NonNullable<ResolvedContent['record']>
  readonly editionId: bigint
  readonly lockbox: VerifiedLockbox
  readonly verify: (index: number, bytes: Uint8Array) => Promise<boolean>
}

/** The sdk's view of the dev network, as a page has it through one node's public listener. */
export function readerThrough({ network, publicClient }: Harness, name: Name): Reader {
  const { chainId, contracts } = network.chain
  return {
    network: createHttpNetwork({ origin: network.node(name).node.publicUrl }),
    chain: publicClient,
    chainId,
    contracts,
  }
}

/** Looks a content up and proves its first edition's lockbox. */
export async function openWork(reader: Reader, contentId: Hex): Promise<Work> {
  const { signal } = new AbortController()
  const content = await resolveContent(reader, { kind: 'content', contentId }, { signal })
  const [edition] = await readEditions(reader.chain, { contracts: reader.contracts, contentId })
  const { record, root, sliceCount, leafBytes: byteLength } = content
  if (record === undefined || edition === undefined) throw new Error(`${contentId} has no edition`)
  const fetchBlock = (cid: Parameters<typeof reader.network.fetchBlock>[0]) =>
    reader.network.fetchBlock(cid, { signal })
  const dag = createDagReader({ root, sliceCount, byteLength, fetchBlock })
  return {
    ...content,
    record,
    editionId: edition.editionId,
    lockbox: await fetchLockbox(reader, edition, { root, record }, signal),
    verify: async (index, bytes) => equalBytes(await sha256(bytes), (await dag.leafCid(index)).multihash.digest),
  }
}

export declare namespace createVisitor {
  type Options = {
    /** A fresh one when left out. */
    session?: Session
    /** Put into escrow with the session's authorisation; nothing when left out. */
    deposit?: bigint
    /** Most that the session may lock; what is deposited when left out. */
    limit?: bigint
    /** Unix seconds at which the session ends; in an hour when left out. */
    expiry?: bigint
  }
}

/** A new wallet and its session in the test's own process: speaks the protocols without a node of its own. */
export async function createVisitor(harness: Harness, options: createVisitor.Options = {}) {
  const reader = readerThrough(harness, 'consumer')
  const { contracts } = reader
  const account = privateKeyToAccount(generatePrivateKey())
  await harness.testClient.setBalance({ address: account.address, value: parseEther('10') })
  const transport = http(harness.network.chain.rpcUrl)
  const client = createWalletClient({ account, chain: hardhat, transport })
  const { session = await generateSession(), deposit = 0n, limit = deposit, expiry = inSeconds(3600) } = options
  const grant = { contracts, token: NATIVE_TOKEN, session: session.publicKey, limit, expiry }
  if (deposit > 0n) await depositAndAuthorize(client, { ...grant, amount: deposit })
  else await authorize(client, grant)
  const payerLedger = createMemoryPayerLedger()
  const payer = createConsumerPayer(reader, { session, wallet: account.address, payerLedger })
  return { wallet: account.address, client, reader, session, domain: sessionDomain(reader), payerLedger, payer }
}

export type Visitor = Awaited<ReturnType<typeof createVisitor>>

/** Buys one key of a work's first edition. */
export async function buyKeyTo({ reader, client }: Visitor, { record, editionId }: Work): Promise<void> {
  const editions = await readEditions(reader.chain, { contracts: reader.contracts, contentId: record.contentId })
  const edition = editions.find((candidate) => candidate.editionId === editionId)
  if (edition === undefined) throw new Error(`${record.contentId} has no edition ${editionId}`)
  await buyEdition(reader, client, { edition, signal: new AbortController().signal })
}

/** Speaks to one node over its WebSocket as the sdk does, for whoever `payer` is. */
export async function connectTo(
  harness: Harness,
  name: Name,
  { payer, domain, work }: { payer?: Payer; domain: SessionDomain; work: Work },
): Promise<Source> {
  const { peerId } = harness.network.node(name).node
  const { root, sliceCount, verify } = work
  return connectSource(await dial(harness, name), {
    peerId,
    root,
    sliceCount,
    domain,
    verify,
    maxPrice: 10n ** 18n,
    ...(payer === undefined ? {} : { payer }),
  })
}

/** Asks one keeper for its share, and proves what it answers. Rejects with the keeper's refusal. */
export async function askKeeper(
  { reader, wallet, session, domain }: Visitor,
  work: Work,
  peerId: string,
): Promise<Share> {
  const { lockbox } = work
  const deal = lockbox.deals.find((candidate) => candidate.peerId === peerId)
  if (deal === undefined) throw new Error(`${peerId} keeps no share of this lockbox`)
  const now = Number(inSeconds(0))
  const pending = await createShareRequest({ lockbox, deal, wallet, session, domain, now })
  const { signal } = new AbortController()
  return verifyShare(pending, await reader.network.requestShare(peerId, pending.encoded, { signal }))
}

/** The slice exchange frame by frame, for what the sdk's client would never say. */
export type Dialogue = {
  readonly hello: HelloMessage
  readonly terms: TermsMessage
  send(frame: Frame): Promise<void>
  /** The next frame of a type, skipping others. Rejects with a refusal that comes first, unless it is waited for. */
  next<T extends Frame['type']>(type: T): Promise<Extract<Frame, { type: T }>>
  /** Closes at once, paying nothing. */
  hangUp(): Promise<void>
}

/** Says Hello to one node, the one that `forge` makes of the true one, and returns when it has answered with terms. */
export async function speakTo(
  harness: Harness,
  name: Name,
  { wallet, session, domain, work }: Pick<Visitor, 'wallet' | 'session' | 'domain'> & { work: Work },
  forge: (hello: HelloMessage) => HelloMessage = (hello) => hello,
): Promise<Dialogue> {
  const { peerId } = harness.network.node(name).node
  const dialogue = createDialogue(await dial(harness, name))
  const { nonce } = await dialogue.next('challenge')
  const hello = forge(await createHello({ peerId, root: work.root, domain, payer: { wallet, session } }, nonce))
  await dialogue.send(hello)
  return { ...dialogue, hello, terms: await dialogue.next('terms') }
}

export function inSeconds(seconds: number): bigint {
  return BigInt(Math.floor(Date.now() / 1000) + seconds)
}

function dial({ network }: Harness, name: Name): Promise<FrameChannel> {
  return connectWebSocket(new URL('/exchange', network.node(name).node.publicUrl.replace('http', 'ws')).href)
}

function createDialogue(channel: FrameChannel): Omit<Dialogue, 'hello' | 'terms'> {
  const frames = channel.frames[Symbol.asyncIterator]()
  return {
    send: (frame) => channel.send(encodeFrame(frame)),
    async next(type) {
      for (;;) {
        const { value, done } = await frames.next()
        if (done === true) throw new SluiceError('NODE_UNREACHABLE', `The node hung up before it sent ${type}.`)
        const frame = decodeFrame(value)
        if (isOfType(frame, type)) return frame
        if (frame.type === 'denied') throw new SluiceError(frame.code, frame.message)
      }
    },
    hangUp: () => channel.close(),
  }
}

function isOfType<T extends Frame['type']>(frame: Frame, type: T): frame is Extract<Frame, { type: T }> {
  return frame.type === type
}
