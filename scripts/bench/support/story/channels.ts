import { concatHex, keccak256, numberToHex, pad, slice } from 'viem'
import type { Hex } from 'viem'
import { NATIVE_TOKEN } from '../../../../sdk/src/chain/index.ts'
import { take } from './world.ts'
import type { Channel, StoryEvent, StoryTransaction, World } from './world.ts'

const DEPOSIT = 10n ** 16n
const CHALLENGE_SECONDS = 3_600
const MONTH = 30 * 86_400
const CLAIMS_PER_BATCH = 4
const PREFIX_BYTES = 20
const TOTAL_BYTES = 12

/** Nodes join before anything is paid to them. */
export function registerNodes({ nodes, fresh, calldata }: World): StoryTransaction[] {
  return nodes.map((owner, index) => {
    const peerId: Hex = `0x002408011220${fresh().slice(2)}`
    const said = { roles: 1, peerId, peerIdHash: keccak256(peerId), certificate: fresh() }
    const endpoint = `https://node-${index}.example`
    return {
      from: owner,
      to: 'nodes',
      input: calldata(292),
      events: [
        { contract: 'nodes', name: 'NodeRegistered', args: { owner, endpoint, ...said } },
        { contract: 'nodes', name: 'StakeAdded', args: { owner, amount: DEPOSIT, stake: DEPOSIT } },
      ],
    }
  })
}

/** Money into escrow, and the session that may draw it. */
export function fund(world: World): StoryTransaction[] {
  const payer = world.wallet()
  const session = world.sessions.get(payer) ?? { qx: world.fresh(), qy: world.fresh() }
  world.sessions.set(payer, session)
  const sessionId = keccak256(concatHex([session.qx, session.qy]))
  const grant = { limit: DEPOSIT, expiry: BigInt(world.now + MONTH), sessionId, ...session }
  return [
    {
      from: payer,
      to: 'channels',
      input: world.calldata(196),
      events: [
        channelEvent('Deposited', { payer, token: NATIVE_TOKEN, from: payer, amount: DEPOSIT }),
        channelEvent('SessionAuthorized', { payer, token: NATIVE_TOKEN, ...grant }),
      ],
    },
  ]
}

export function open(world: World): StoryTransaction[] {
  const [payer, payee] = [world.wallet(), world.node()]
  const session = world.sessions.get(payer)
  if (session === undefined) return fund(world)
  const channel: Channel = { id: world.fresh(), payer, payee, claimed: 0n }
  world.channels.push(channel)
  const descriptor = { payer, payee, token: NATIVE_TOKEN, ...session, salt: world.fresh() }
  const args = { channelId: channel.id, ...descriptor, deposit: DEPOSIT / 100n, challenge: CHALLENGE_SECONDS }
  return [{ from: payee, to: 'channels', input: world.calldata(484), events: [channelEvent('ChannelOpened', args)] }]
}

export function claim(world: World): StoryTransaction[] {
  const channel = world.channels.at(Math.floor(world.random() * world.channels.length))
  if (channel === undefined) return []
  const paid = earn(world, channel)
  const args = { channelId: channel.id, payee: channel.payee, paid, claimed: channel.claimed }
  return [{ from: channel.payee, to: 'channels', input: world.calldata(580), events: [channelEvent('Claimed', args)] }]
}

/** What a node earned over several channels, in one event. */
export function claimBatch(world: World): StoryTransaction[] {
  const [payee] = [world.node()]
  const mine = world.channels.filter((channel) => channel.payee === payee).slice(-CLAIMS_PER_BATCH)
  if (mine.length === 0) return []
  mine.forEach((channel) => earn(world, channel))
  const args = { payee, token: NATIVE_TOKEN, totals: mine.map(packTotal) }
  return [
    {
      from: payee,
      to: 'channels',
      input: world.calldata(132 + mine.length * 420),
      events: [channelEvent('BatchClaimed', args)],
    },
  ]
}

function packTotal({ id, claimed }: Channel): Hex {
  return concatHex([slice(id, 0, PREFIX_BYTES), pad(numberToHex(claimed), { size: TOTAL_BYTES })])
}

export function close(world: World): StoryTransaction[] {
  const channel = take(world.channels, world.random)
  if (channel === undefined) return []
  const args = { channelId: channel.id, claimed: channel.claimed, refunded: DEPOSIT / 100n - channel.claimed }
  return [
    { from: channel.payee, to: 'channels', input: world.calldata(260), events: [channelEvent('ChannelClosed', args)] },
  ]
}

function earn({ random }: World, channel: Channel): bigint {
  const paid = BigInt(1 + Math.floor(random() * 10 ** 9))
  channel.claimed += paid
  return paid
}

function channelEvent(name: string, args: StoryEvent['args']): StoryEvent {
  return { contract: 'channels', name, args }
}
