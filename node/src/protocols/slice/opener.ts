import type { Address, Hex } from 'viem'
import { acceptTopUp, channelId, descriptorOf, sameHex, sameSession } from '@sluice/sdk/channel'
import type { Descriptor } from '@sluice/sdk/channel'
import type { ServerAsks, Speaker } from '@sluice/sdk/exchange'
import { hashOpenIntent, hashTopUp, verifyDigest } from '@sluice/sdk/session'
import type { SessionSignature } from '@sluice/sdk/session'
import { SluiceError } from '@sluice/sdk'
import type { SliceComponents } from './types.ts'

type Opened = { channelId: Hex; deposit: bigint }

/** Submits payers' intents with this node's gas, once each, whatever the number of connections that bring them. */
export type Opener = {
  open(request: ServerAsks['open']['request']): Promise<Opened>
  topUp(request: ServerAsks['topUp']['request']): Promise<Opened>
}

type OpenerComponents = Pick<SliceComponents, 'chain' | 'ledger' | 'domain' | 'policy' | 'log'>

export function createOpener(components: OpenerComponents): Opener {
  const { chain, ledger, domain, policy, log } = components
  const running = new Map<Hex, { payer: Address; opened: Promise<Opened> }>()

  const submit = async ({ message }: ServerAsks['open']['request'], id: Hex): Promise<Opened> => {
    const { intent, signature } = message
    await chain.open(intent, signature)
    const deposit = await remember(id, descriptorOf(intent))
    log.info({ channelId: id, payer: intent.payer, deposit: deposit.toString() }, 'opened channel')
    return { channelId: id, deposit }
  }

  /** The chain's word, not the intent's: it is what can be claimed. */
  const remember = async (id: Hex, descriptor: Descriptor): Promise<bigint> => {
    const standing = await chain.standing(id)
    if (standing === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'The channel does not stand on chain.')
    ledger.recordOpen(id, descriptor, standing)
    return standing.deposit
  }

  const requireRoom = (payer: Address): void => {
    const open = ledger.channelsOf(payer, policy.token).filter(({ closesAt }) => closesAt === 0n).length
    const opening = [...running.values()].filter((other) => sameHex(other.payer, payer)).length
    if (open + opening < policy.maxChannelsPerPayer) return
    throw new SluiceError('INTENT_REFUSED', 'This wallet has enough channels here.', { details: { field: 'channels' } })
  }

  return {
    open: async (request) => {
      const { intent, signature } = request.message
      const id = channelId(domain, descriptorOf(intent))
      const known = ledger.channel(id)
      if (known !== undefined) return { channelId: id, deposit: known.deposit }
      const other = running.get(id)
      if (other !== undefined) return other.opened
      await requireSignature(request.speaker, hashOpenIntent(domain, intent), signature)
      requireRoom(intent.payer)
      const opened = submit(request, id).finally(() => running.delete(id))
      running.set(id, { payer: intent.payer, opened })
      return opened
    },
    topUp: async ({ speaker, policy: asked, message: { order, signature } }) => {
      const channel = ledger.channel(order.channelId)
      if (channel === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel stands here.')
      const { descriptor, closesAt, deposit } = channel
      requireOwn(speaker, descriptor)
      if (closesAt !== 0n) throw new SluiceError('CHANNEL_CLOSING', 'The channel is closing or closed.')
      if (order.newDeposit <= deposit) return { channelId: order.channelId, deposit }
      await requireSignature(speaker, hashTopUp(domain, order), signature)
      acceptTopUp(order, deposit, asked, BigInt(Math.floor(Date.now() / 1000)))
      await chain.topUp(descriptor, order, signature)
      return { channelId: order.channelId, deposit: await remember(order.channelId, descriptor) }
    },
  }
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
