import { bytesToHex, keccak256, pad, slice } from 'viem'
import type { Address, Hex } from 'viem'
import { hashOpenIntent, hashTopUp, hashVoucher, signDigest } from '../../../sdk/src/session/index.ts'
import type { OpenIntent, Session, TopUp, Voucher } from '../../../sdk/src/session/index.ts'
import { NATIVE, now } from './fixture.ts'
import type { Sluice } from './fixture.ts'

export const ETHER = 10n ** 18n
export const CHALLENGE = 3600
/** A day from any moment at which a test starts. */
export const farAhead = async (): Promise<bigint> => (await now()) + 86_400n

export function randomHex(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}

/** Escrow for the payer and a session that may draw all of it. */
export async function fund({ channels, payer, session, token }: Sluice, amount = ETHER, inToken: Address = NATIVE) {
  if (inToken === token.address) {
    await token.write.mint([payer.account.address, amount])
    await token.write.approve([channels.address, amount], { account: payer.account })
  }
  const value = inToken === NATIVE ? amount : 0n
  return channels.write.depositAndAuthorize([inToken, amount, session.publicKey, amount, await farAhead()], {
    account: payer.account,
    value,
  })
}

/** What signing takes: where it counts, and who are the parties. */
export type Signing = Pick<Sluice, 'domain' | 'session' | 'payer' | 'payee'>

export async function makeIntent(sluice: Signing, change: Partial<OpenIntent> = {}): Promise<OpenIntent> {
  return {
    payer: sluice.payer.account.address,
    payee: sluice.payee.account.address,
    token: NATIVE,
    amount: ETHER / 10n,
    challenge: CHALLENGE,
    session: sluice.session.publicKey,
    salt: pad(slice(randomHex(), 0, 8), { size: 32 }),
    deadline: (await now()) + 600n,
    ...change,
  }
}

export async function signIntent(
  sluice: Pick<Signing, 'domain' | 'session'>,
  intent: OpenIntent,
  session: Session = sluice.session,
) {
  return signDigest(session, hashOpenIntent(sluice.domain, intent))
}

export async function signTopUp(sluice: Sluice, order: TopUp, session: Session = sluice.session) {
  return signDigest(session, hashTopUp(sluice.domain, order))
}

export function descriptorOf({ payer, payee, token, session, salt }: OpenIntent) {
  return { payer, payee, token, session, salt }
}

/** Opens a channel; the payee submits the intent, as a seeder does. */
export async function openChannel(sluice: Sluice, change: Partial<OpenIntent> = {}) {
  const intent = await makeIntent(sluice, change)
  const hash = await sluice.channels.write.open([intent, await signIntent(sluice, intent)], {
    account: sluice.payee.account,
  })
  const descriptor = descriptorOf(intent)
  return { hash, intent, descriptor, channelId: await sluice.channels.read.channelIdOf([descriptor]) }
}

export type OpenedChannel = Awaited<ReturnType<typeof openChannel>>

/** A chain of `length` links: `links[n]` is what reveals n ticks, `links[0]` the root. */
export function tickChain(length: number, seed: Hex = randomHex()): Hex[] {
  const links = [seed]
  for (let i = 0; i < length; i++) links.unshift(keccak256(links[0] ?? seed))
  return links
}

/** A claim as the payee submits it; without `ticks` the voucher's cumulative alone. */
export async function makeClaim(
  sluice: Sluice,
  { channelId, descriptor }: Pick<OpenedChannel, 'channelId' | 'descriptor'>,
  { session = sluice.session, ticks = 0, tick, ...change }: Partial<Voucher> & makeClaim.Options = {},
) {
  const links = tickChain(change.maxTicks ?? ticks)
  const root = links[0] ?? randomHex()
  const voucher = { channelId, cumulative: 1000n, tickRoot: root, tickValue: 10n, maxTicks: ticks, ...change }
  const signature = await signDigest(session, hashVoucher(sluice.domain, voucher))
  return { descriptor, voucher, signature, tick: tick ?? links[ticks] ?? root, ticks }
}

export declare namespace makeClaim {
  type Options = { session?: Session; ticks?: number; tick?: Hex }
}

/** The same claim as a batch carries it. */
export function packClaim({ descriptor, voucher, signature, tick, ticks }: Awaited<ReturnType<typeof makeClaim>>) {
  const { payer, session, salt } = descriptor
  const { cumulative, tickValue, maxTicks } = voucher
  const promised = cumulative | (tickValue << 96n) | (BigInt(maxTicks) << 192n) | (BigInt(ticks) << 224n)
  return { payer, session, salt, promised, tick, signature }
}
