import type { Address, Hex } from 'viem'
import { acceptTopUp, channelId, descriptorOf, sameHex, sameSession } from '@sluice/sdk/channel'
import type { Descriptor } from '@sluice/sdk/channel'
import type { ServerAsks, Speaker } from '@sluice/sdk/exchange'
import { hashOpenIntent, hashTopUp, verifyDigest } from '@sluice/sdk/session'
import type { OpenIntent, SessionSignature } from '@sluice/sdk/session'
import { SluiceError } from '@sluice/sdk'
import type { ChainStanding, LedgerChannel } from '../../ledger/index.ts'
import type { SliceComponents } from './types.ts'

type Opened = { channelId: Hex; deposit: bigint }

/** Submits payers' intents with this node's gas, once each, whatever the number of connections that bring them. */
export type Opener = {
  open(request: ServerAsks['open']['request']): Promise<Opened>
  topUp(request: ServerAsks['topUp']['request']): Promise<Opened>
}

type OpenerComponents = Pick<SliceComponents, 'chain' | 'ledger' | 'domain' | 'policy' | 'log'>

export function createOpener(components: OpenerComponents): Opener {
  return { open: createOpen(components), topUp: createTopUp(components) }
}

function createOpen(components: OpenerComponents): Opener['open'] {
  const { chain, ledger, domain, policy, log } = components
  const opening = new Map<Hex, { payer: Address; opened: Promise<Opened> }>()

  const submit = async ({ speaker, message }: ServerAsks['open']['request'], id: Hex): Promise<Opened> => {
    const { intent, signature } = message
    await requireSignature(speaker, hashOpenIntent(domain, intent), signature)
    const look = (): Promise<Opened | undefined> => remember(components, id, descriptorOf(intent), leastOf(intent))
    // A former process may have died between the transaction and its record.
    const before = await look()
    if (before !== undefined) return before
    const opened = await actAndLook(() => chain.open(intent, signature), look)
    log.info({ channelId: id, payer: intent.payer, deposit: opened.deposit.toString() }, 'opened channel')
    return opened
  }

  const requireRoom = (payer: Address): void => {
    const open = ledger.channelsOf(payer, policy.token).filter(({ closesAt }) => closesAt === 0n).length
    const coming = [...opening.values()].filter((other) => sameHex(other.payer, payer)).length
    if (open + coming < policy.maxChannelsPerPayer) return
    throw new SluiceError('INTENT_REFUSED', 'This wallet has enough channels here.', { details: { field: 'channels' } })
  }

  // Nothing is awaited between the look at what runs and the entry into it: who comes second finds the first.
  return async (request) => {
    const { intent } = request.message
    const id = channelId(domain, descriptorOf(intent))
    const other = opening.get(id)
    if (other !== undefined) return other.opened
    const known = ledger.channel(id)
    if (known !== undefined) return { channelId: id, deposit: known.deposit }
    requireRoom(intent.payer)
    const opened = submit(request, id).finally(() => opening.delete(id))
    opening.set(id, { payer: intent.payer, opened })
    return opened
  }
}

function createTopUp(components: OpenerComponents): Opener['topUp'] {
  const { chain, ledger, domain } = components
  const raising = new Map<Hex, Promise<Opened>>()

  const raise = async (request: ServerAsks['topUp']['request'], channel: LedgerChannel): Promise<Opened> => {
    const { speaker, policy: asked, message } = request
    const { order, signature } = message
    const { channelId: id, descriptor, challenge } = channel
    await requireSignature(speaker, hashTopUp(domain, order), signature)
    acceptTopUp(order, channel.deposit, asked, BigInt(Math.floor(Date.now() / 1000)))
    const least = { deposit: order.newDeposit, challenge }
    return actAndLook(
      () => chain.topUp(descriptor, order, signature),
      () => remember(components, id, descriptor, least),
    )
  }

  /** One at a time for each channel; those that come meanwhile see what it left, or fail with it. */
  const topUp: Opener['topUp'] = async (request) => {
    const { order } = request.message
    const channel = ledger.channel(order.channelId)
    if (channel === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel stands here.')
    requireOwn(request.speaker, channel.descriptor)
    if (channel.closesAt !== 0n) throw new SluiceError('CHANNEL_CLOSING', 'The channel is closing or closed.')
    if (order.newDeposit <= channel.deposit) return { channelId: order.channelId, deposit: channel.deposit }
    const other = raising.get(order.channelId)
    if (other !== undefined) {
      await other
      return topUp(request)
    }
    const raised = raise(request, channel).finally(() => raising.delete(order.channelId))
    raising.set(order.channelId, raised)
    return raised
  }
  return topUp
}

/** The chain's word, not the intent's: it is what can be claimed. Undefined when no such channel stands. */
async function remember(
  { chain, ledger }: OpenerComponents,
  id: Hex,
  descriptor: Descriptor,
  least: Least,
): Promise<Opened | undefined> {
  const standing = await chain.standing(id)
  if (standing === undefined) return undefined
  requireAsMeant(standing, least)
  ledger.recordOpen(id, descriptor, standing)
  return { channelId: id, deposit: standing.deposit }
}

type Least = { readonly deposit: bigint; readonly challenge: number }

function leastOf({ amount, challenge }: OpenIntent): Least {
  return { deposit: amount, challenge }
}

/** A transaction that failed or timed out here may have been mined all the same, or sent by somebody else: the chain decides. */
async function actAndLook(act: () => Promise<void>, look: () => Promise<Opened | undefined>): Promise<Opened> {
  try {
    await act()
  } catch (error) {
    const stands = await look().catch(() => undefined)
    if (stands === undefined) throw error
    return stands
  }
  const stands = await look()
  if (stands === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'The channel does not stand on chain.')
  return stands
}

/**
 * The id says nothing of deposit and challenge: whoever opened the channel elsewhere may have given it less than was judged.
 * @throws CHANNEL_CLOSING, INTENT_REFUSED
 */
function requireAsMeant({ closesAt, deposit, challenge }: ChainStanding, least: Least): void {
  if (closesAt !== 0n) throw new SluiceError('CHANNEL_CLOSING', 'The channel is closing or closed.')
  if (deposit >= least.deposit && challenge >= least.challenge) return
  const field = deposit < least.deposit ? 'amount' : 'challenge'
  throw new SluiceError('INTENT_REFUSED', 'The channel stands on other conditions.', { details: { field } })
}

/** @throws SESSION_FOREIGN for a channel of another wallet or another of its sessions */
export function requireOwn(speaker: Speaker, descriptor: Descriptor): void {
  if (isOwn(speaker, descriptor)) return
  throw new SluiceError('SESSION_FOREIGN', 'The channel belongs to another session.')
}

export function isOwn(speaker: Speaker, { payer, session }: Descriptor): boolean {
  return sameHex(speaker.wallet, payer) && sameSession(speaker.session, session)
}

/** @throws SIGNATURE_INVALID, for a high s as well */
export async function requireSignature(speaker: Speaker, digest: Hex, signature: SessionSignature): Promise<void> {
  if (await verifyDigest(speaker.session, digest, signature)) return
  throw new SluiceError('SIGNATURE_INVALID', 'The session did not sign this.')
}
