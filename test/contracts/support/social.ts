import { parseEventLogs } from 'viem'
import type { Account, Hex } from 'viem'
import { createSocialNonces, signSocialAction, SOCIAL_REFUSALS } from '../../../sdk/src/social/index.ts'
import type { SignedSocialAction, SocialDeed, SocialDomain, SocialRefusal } from '../../../sdk/src/social/index.ts'
import type { Session } from '../../../sdk/src/session/index.ts'
import { at } from './assertions.ts'
import { farAhead, randomHex } from './channels.ts'
import { deploySluice, NATIVE, now } from './fixture.ts'
import type { Sluice } from './fixture.ts'
import { createEdition, publish } from './keys.ts'
import type { Terms } from './keys.ts'

export const DAY = 86_400n

/** The next block starts a UTC day, so that what follows within seconds is on the same one. */
export async function startDay(): Promise<bigint> {
  const day = (await now()) / DAY + 1n
  await at(day * DAY)
  return day
}

const drawNonce = createSocialNonces()

/** The argument of `SocialGraph_Refused`, and the last one of `ActionRefused`. */
export function refusal(reason: SocialRefusal): number {
  return SOCIAL_REFUSALS.indexOf(reason)
}

/** Lets a session speak for the payer, where nothing is paid. */
export async function speakFor({ channels, payer, session }: Sluice, expiry?: bigint): Promise<void> {
  const until = expiry ?? (await farAhead()) + 30n * DAY
  await channels.write.authorize([session.publicKey, NATIVE, 0n, until], { account: payer.account })
}

export declare namespace sign {
  type Options = {
    wallet?: { account: Account }
    session?: Session
    domain?: Partial<SocialDomain>
    nonce?: bigint
    issuedAt?: bigint
    deadline?: bigint
  }
}

/** A deed of the payer's, said now and signed by its session. */
export async function sign(
  { social, domain, session, payer }: Sluice,
  deed: SocialDeed,
  change: sign.Options = {},
): Promise<SignedSocialAction> {
  const time = await now()
  const { nonce = drawNonce(), issuedAt = time, deadline = time + 600n } = change
  return signSocialAction(change.session ?? session, {
    domain: { chainId: domain.chainId, social: social.address, ...change.domain },
    wallet: (change.wallet ?? payer).account.address,
    deed,
    ...{ nonce, issuedAt, deadline },
  })
}

/** Submits as a stranger, who pays the gas, and reads from the events what became of each action. */
export async function submit({ social, client, stranger }: Sluice, actions: readonly SignedSocialAction[]) {
  const hash = await social.write.submit([actions], { account: stranger.account })
  const { logs } = await client.getTransactionReceipt({ hash })
  const events = parseEventLogs({ abi: social.abi, logs })
  const refusals: SocialRefusal[] = actions.map(() => 'none')
  for (const event of events) {
    if (event.eventName !== 'ActionRefused') continue
    refusals[Number(event.args.index)] = SOCIAL_REFUSALS[event.args.reason] ?? 'none'
  }
  return { hash, events, refusals }
}

/** A content of the creator and an edition of it, with a key in the payer's wallet. */
export async function sellKey(sluice: Sluice, change: Partial<Terms> = {}) {
  const { contentId } = await publish(sluice)
  const { editionId } = await createEdition(sluice, contentId, { price: 0n, ...change })
  await giveKey(sluice, editionId)
  return { contentId, editionId }
}

export async function giveKey({ keys, payer }: Sluice, editionId: bigint, to = payer): Promise<Hex> {
  return keys.write.buy([editionId, 1n, to.account.address, NATIVE, 0n, 1], { account: to.account })
}

/** The payer's session speaks for it from here on. */
export async function deploySpoken() {
  const sluice = await deploySluice()
  await speakFor(sluice)
  return sluice
}

export const comment = (): SocialDeed => ({ kind: 'comment', contentId: randomHex(), digest: randomHex() })
export const followOther = ({ other }: Sluice, kind: 'follow' | 'unfollow' = 'follow'): SocialDeed => {
  return { kind, target: other.account.address }
}
export const follows = ({ social, payer, other }: Sluice) =>
  social.read.isFollowing([payer.account.address, other.account.address])
export const isSpent = ({ social }: Sluice, { action }: SignedSocialAction) =>
  social.read.isNonceSpent([action.wallet, action.nonce])
/** What becomes of one action, alone. */
export const fate = async (sluice: Sluice, action: SignedSocialAction) => (await submit(sluice, [action])).refusals[0]
