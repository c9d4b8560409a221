import { pad, slice, zeroHash } from 'viem'
import type { Address } from 'viem'
import {
  approveToken,
  authorize,
  claimAndClose,
  claimChannels,
  closeChannelNow,
  deposit,
  depositAndAuthorize,
  finalizeClose,
  NATIVE_TOKEN,
  openChannel,
  requestClose,
  requestWithdraw,
  revoke,
  topUpChannel,
  withdraw,
} from '../../../../sdk/src/chain/index.ts'
import type { ChannelClaim } from '../../../../sdk/src/chain/index.ts'
import { channelId, createTickChain, descriptorOf } from '../../../../sdk/src/channel/index.ts'
import { hashOpenIntent, hashTopUp, hashVoucher, signDigest } from '../../../../sdk/src/session/index.ts'
import { networkHelpers } from '../fixture.ts'
import type { Meter } from './meter.ts'
import { HOUR, TIME, word } from './world.ts'
import type { GasWorld } from './world.ts'

export const BATCH = 10
export const TICKS = 256
const AMOUNT = 10n ** 18n
const CHANNEL = 10n ** 16n
const CHALLENGE = 3600

/** Deposits and sessions: each by a wallet that has none yet. */
export async function measureEscrow(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payer, other, stranger, session, token } = world
  const native = { contracts, token: NATIVE_TOKEN, amount: AMOUNT }
  const erc20 = { ...native, token: token.address }
  const grant = { session: session.publicKey, limit: AMOUNT, expiry: TIME + 24n * HOUR }

  await meter.record('deposit.native', deposit(stranger, native))
  await meter.record('authorize', authorize(stranger, { contracts, ...grant }))
  await meter.record('revoke', revoke(stranger, { contracts, session: session.publicKey }))
  await meter.record('depositAndAuthorize.native', depositAndAuthorize(payer, { ...native, ...grant }))
  await token.write.mint([other.account.address, 2n * AMOUNT])
  await approveToken(other, { ...erc20, spender: contracts.channels })
  await meter.record('depositAndAuthorize.erc20', depositAndAuthorize(other, { ...erc20, ...grant }))
  await meter.record('requestWithdraw', requestWithdraw(payer, { ...native, amount: AMOUNT / 2n }))
  await networkHelpers.time.increase(24n * HOUR)
  await meter.record('withdraw', withdraw(payer, native))
}

/** One channel's life, in the native coin; the payee sends what a seeder sends. */
export async function measureChannel(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payee, payer } = world
  await fund(world)
  const life = await makeOpening(world, 'life')
  const { descriptor } = life
  await meter.record('open', openChannel(payee, life))
  await meter.record('topUp', topUpChannel(payee, await makeTopUp(world, descriptor)))
  await meter.record('claim.single', claimOne(world, await makeClaim(world, descriptor)))
  const ticked = await makeClaim(world, descriptor, { cumulative: 2000n, ticks: TICKS })
  await meter.record('claim.ticks256', claimOne(world, ticked))
  await meter.record('close', closeChannelNow(payee, { contracts, descriptor }))

  const left = await open(world, 'left by the payee')
  const last = claimAndClose(payee, { contracts, claim: await makeClaim(world, left) })
  await meter.record('claimAndClose', last)

  const exit = { contracts, descriptor: await open(world, 'left by the payer') }
  await meter.record('requestClose', requestClose(payer, exit))
  await networkHelpers.time.increase(CHALLENGE)
  await meter.record('finalizeClose', finalizeClose(payer, exit))
}

/** A channel in an ERC-20; next: the payee has some of it already. */
export async function measureTokenChannel(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payee, payer, session, token } = world
  await token.write.mint([payer.account.address, AMOUNT])
  const erc20 = { contracts, token: token.address, amount: AMOUNT }
  await approveToken(payer, { ...erc20, spender: contracts.channels })
  const grant = { session: session.publicKey, limit: AMOUNT, expiry: TIME + 24n * HOUR }
  await depositAndAuthorize(payer, { ...erc20, ...grant })
  const opening = await makeOpening(world, 'in tokens', token.address)
  await meter.record('open.erc20', openChannel(payee, opening))
  for (const [name, cumulative] of [['first', 1000n] as const, ['next', 2000n] as const]) {
    const claim = await makeClaim(world, opening.descriptor, { cumulative, ticks: 0 })
    await meter.record(`claim.erc20.${name}`, claimOne(world, claim))
  }
}

/** Ten channels at once: opened, claimed for the first time, and claimed again with ticks. */
export async function measureBatches(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, channels, payee } = world
  await fund(world)
  const openings = await Promise.all(Array.from({ length: BATCH }, (_, at) => makeOpening(world, `batch ${at}`)))
  const opened = channels.write.openBatch(
    [openings.map(({ intent }) => intent), openings.map(({ signature }) => signature)],
    { account: payee.account },
  )
  await meter.record('openBatch10.perChannel', opened, BATCH)
  await opened

  const claimAll = async (voucher: Promised) =>
    claimChannels(payee, {
      contracts,
      claims: await Promise.all(openings.map(({ descriptor }) => makeClaim(world, descriptor, voucher))),
    })
  await meter.record('claimBatch10.perChannel', claimAll({ cumulative: 1000n }), BATCH)
  await meter.record('claimBatch10.chain.perChannel', claimAll({ cumulative: 1500n, ticks: 0 }), BATCH)
  await meter.record('claimBatch10.ticks256.perChannel', claimAll({ cumulative: 2000n, ticks: TICKS }), BATCH)
}

async function fund({ contracts, payer, session }: GasWorld): Promise<void> {
  const grant = { session: session.publicKey, limit: AMOUNT, expiry: TIME + 24n * HOUR }
  await depositAndAuthorize(payer, { contracts, token: NATIVE_TOKEN, amount: AMOUNT, ...grant })
}

async function makeOpening(
  { contracts, payer, payee, session, domain }: GasWorld,
  name: string,
  token: Address = NATIVE_TOKEN,
) {
  const intent = {
    payer: payer.account.address,
    payee: payee.account.address,
    token,
    amount: CHANNEL,
    challenge: CHALLENGE,
    session: session.publicKey,
    // As a payer's: eight bytes.
    salt: pad(slice(word(name), 0, 8), { size: 32 }),
    deadline: TIME + HOUR,
  }
  const signature = await signDigest(session, hashOpenIntent(domain, intent))
  return { contracts, intent, signature, descriptor: descriptorOf(intent) }
}

async function open(world: GasWorld, name: string): Promise<ChannelClaim['descriptor']> {
  const opening = await makeOpening(world, name)
  await openChannel(world.payee, opening)
  return opening.descriptor
}

async function makeTopUp({ contracts, session, domain }: GasWorld, descriptor: ChannelClaim['descriptor']) {
  const order = { channelId: channelId(domain, descriptor), newDeposit: 2n * CHANNEL, deadline: TIME + HOUR }
  return { contracts, descriptor, order, signature: await signDigest(session, hashTopUp(domain, order)) }
}

/** `ticks` are those revealed of the voucher's chain; without, the voucher has no chain. */
type Promised = { readonly cumulative: bigint; readonly ticks?: number }

async function makeClaim(
  { session, domain }: GasWorld,
  descriptor: ChannelClaim['descriptor'],
  { cumulative, ticks }: Promised = { cumulative: 1000n, ticks: 0 },
): Promise<ChannelClaim> {
  const chain = createTickChain(word(`seed of ${descriptor.salt} at ${cumulative}`), TICKS)
  const terms =
    ticks === undefined
      ? { tickRoot: zeroHash, tickValue: 0n, maxTicks: 0 }
      : { tickRoot: chain.root, tickValue: 10n, maxTicks: TICKS }
  const voucher = { channelId: channelId(domain, descriptor), cumulative, ...terms }
  const signature = await signDigest(session, hashVoucher(domain, voucher))
  return { descriptor, voucher, signature, tick: ticks === undefined ? zeroHash : chain.tick(ticks), ticks: ticks ?? 0 }
}

/** The contract's own entry for one claim; the sdk always sends batches. */
function claimOne({ channels, payee }: GasWorld, claim: ChannelClaim) {
  return channels.write.claim([claim], { account: payee.account })
}
