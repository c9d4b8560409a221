/** A seeder's ledger at work: reserves up to the credit, accepts a tick, tells its parent the total, and so on. */
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { createTickChain } from '@sluice/sdk/channel'
import { Ledger } from '../ledger/index.ts'

const [path = ':memory:'] = process.argv.slice(2)
const ID: Hex = `0x${'1'.padStart(64, '0')}`
const KEY = { wallet: `0x${'aa'.repeat(20)}`, root: 'bafyroot', token: zeroAddress } as const
const CREDIT = 4n
const TICKS = 1000

const ledger = new Ledger(path)
const session = { qx: ID, qy: ID }
const descriptor = { payer: KEY.wallet, payee: KEY.wallet, token: zeroAddress, session, salt: ID }
ledger.recordOpen(ID, descriptor, { deposit: 10_000n, claimed: 0n, closesAt: 0n, challenge: 3600 })

const chain = createTickChain(ID, TICKS)
const signed = {
  voucher: { channelId: ID, cumulative: 0n, tickRoot: chain.root, tickValue: 1n, maxTicks: TICKS },
  signature: { r: ID, s: ID },
}

for (let ticks = 1; ticks <= TICKS; ticks += 1) {
  while (ledger.reserve(KEY, 1n, CREDIT, ticks % 8));
  const { total } = ledger.accept({ channelId: ID, signed, tick: chain.tick(ticks), ticks }, KEY)
  // Waits until the parent has it, so that it can kill at any point after.
  await new Promise((resolve) => process.send?.(Number(total), undefined, {}, resolve))
}
