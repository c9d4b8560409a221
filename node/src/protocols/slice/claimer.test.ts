import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { it } from 'node:test'
import { bytesToHex, zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '@sluice/sdk'
import { Ledger } from '../../ledger/index.ts'
import { createMemoryChain, PAYEE, POLICY, PRICE, WALLET } from '../../testing/exchange.ts'
import { quiet } from '../../testing/peers.ts'
import { createClaimer } from './claimer.ts'
import type { ChannelActions } from './types.ts'

const word = (): Hex => bytesToHex(randomBytes(32))

it('claims the other channels of a batch when the chain refuses one, and the batches after it', async () => {
  const memory = createMemoryChain(new Map())
  const ledger = new Ledger(':memory:')
  const ids = Array.from({ length: 60 }, () => recordPaid(ledger, memory.channels)).sort()
  const poisoned = ids[3]
  const chain: ChannelActions = {
    ...memory,
    claim: async (claims) => {
      if (claims.some(({ voucher }) => voucher.channelId === poisoned)) {
        throw new SluiceError('SIGNATURE_INVALID', 'The simulation reverted.')
      }
      return memory.claim(claims)
    },
  }
  const claimed = await createClaimer({ chain, ledger, policy: POLICY, log: quiet }).claim()
  assert.deepEqual(
    claimed.map(({ channelId }) => channelId).sort(),
    ids.filter((id) => id !== poisoned),
  )
  assert.ok(claimed.every(({ amount }) => amount === PRICE))
})

function recordPaid(ledger: Ledger, channels: ReturnType<typeof createMemoryChain>['channels']): Hex {
  const channelId = word()
  const standing = { deposit: 10n * PRICE, claimed: 0n, closesAt: 0n, challenge: POLICY.challenge }
  const session = { qx: word(), qy: word() }
  ledger.recordOpen(channelId, { payer: WALLET, payee: PAYEE, token: zeroAddress, session, salt: word() }, standing)
  channels.set(channelId, standing)
  const tickRoot = word()
  const voucher = { channelId, cumulative: PRICE, tickRoot, tickValue: PRICE, maxTicks: 4 }
  const signed = { voucher, signature: { r: word(), s: word() } }
  ledger.accept(
    { channelId, signed, tick: tickRoot, ticks: 0 },
    { wallet: WALLET, root: 'bafyroot', token: zeroAddress },
  )
  return channelId
}
