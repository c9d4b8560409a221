import type { Command } from 'commander'
import { getBalance, getBlock } from 'viem/actions'
import { readEscrow, readGrant } from '@sluice/sdk/chain'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import { describeIndex, readLag } from './ask-index.ts'
import type { Context } from './context.ts'
import { formatAmount, formatBytes } from './format.ts'
import { withNode } from './run.ts'

type Finding = { readonly check: string; readonly ok: boolean; readonly detail: string; readonly hint?: string }
type Check = { readonly name: string; run(context: Context): Promise<Omit<Finding, 'check'>> }

const MAX_CLOCK_SKEW_SECONDS = 120
/** Enough for a few hundred opens and claims at 1 gwei. */
const LOW_GAS_WEI = 10n ** 16n

export function registerDoctor(program: Command, signal: AbortSignal): void {
  program
    .command('doctor')
    .description('Check node, chain and wallet, and say what to mend')
    .action(withNode(signal, doctor))
}

async function doctor(context: Context): Promise<void> {
  const findings: Finding[] = []
  for (const check of CHECKS) findings.push({ check: check.name, ...(await attempt(check, context)) })
  const lines = findings.flatMap(({ ok, check, detail, hint }) => [
    `${ok ? 'ok  ' : 'FAIL'}  ${check.padEnd(10)} ${detail}`,
    ...(hint === undefined || ok ? [] : [`                 ${hint}`]),
  ])
  context.output.result(findings, lines)
  const failed = findings.filter(({ ok }) => !ok).length
  if (failed > 0 && !context.output.json)
    throw new SluiceError('INTERNAL', `${failed} of ${findings.length} checks failed.`)
}

async function attempt({ run }: Check, context: Context): Promise<Omit<Finding, 'check'>> {
  try {
    return await run(context)
  } catch (error) {
    if (!isSluiceError(error)) throw error
    return { ok: false, detail: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
  }
}

const CHECKS: readonly Check[] = [
  {
    name: 'node',
    run: ({ status }) =>
      Promise.resolve({ ok: true, detail: `${status.name}, version ${status.version}, ${status.peerId}` }),
  },
  {
    name: 'chain',
    async run(context) {
      await context.publicClient()
      const { chainHealthy, chainId, head } = context.status
      return {
        ok: chainHealthy,
        detail: `chain ${chainId}, block ${head}`,
        hint: 'The node has lost its RPC endpoint.',
      }
    },
  },
  {
    name: 'clock',
    async run(context) {
      const { timestamp } = await getBlock(await context.publicClient())
      const ahead = Number(timestamp) - Math.floor(Date.now() / 1000)
      const hint = 'Sessions and vouchers carry times: set this machine’s clock.'
      return { ok: ahead < MAX_CLOCK_SKEW_SECONDS, detail: `chain time is ${ahead} s from this clock`, hint }
    },
  },
  {
    name: 'peers',
    run: ({ status }) => {
      const hint = 'Check p2p.bootstrap in the node’s configuration.'
      return Promise.resolve({ ok: status.peers > 0, detail: `${status.peers} connected`, hint })
    },
  },
  {
    name: 'storage',
    run: ({ status: { storage, contents } }) => {
      const detail = `${contents} contents, ${formatBytes(storage.used)} of ${formatBytes(storage.quota)}`
      return Promise.resolve({
        ok: storage.used < storage.quota,
        detail,
        hint: 'Raise storage.quota_bytes or unpin contents.',
      })
    },
  },
  {
    name: 'index',
    async run(context) {
      const index = context.findIndex()
      if (index === undefined) return { ok: true, detail: 'none is named, so there are no lists' }
      const lag = await readLag(index, context)
      return {
        ok: lag.notable === undefined,
        detail: describeIndex(lag) ?? `block ${lag.block}, ${lag.behind} behind the chain`,
        hint: 'Lists are as old as that; nothing that is bought or opened depends on it.',
      }
    },
  },
  {
    name: 'operator',
    async run(context) {
      const balance = await getBalance(await context.publicClient(), { address: context.status.wallet })
      const hint = `Seeding needs gas to open and claim channels: send some to ${context.status.wallet}.`
      return { ok: balance >= LOW_GAS_WEI, detail: `${context.status.wallet} has ${formatAmount(balance)}`, hint }
    },
  },
  {
    name: 'wallet',
    async run(context) {
      const { account, publicClient } = await context.wallet()
      const { contracts, token, status } = context
      const payer = account.address
      const [balance, escrow, grant] = await Promise.all([
        getBalance(publicClient, { address: payer }),
        readEscrow(publicClient, { contracts, payer, token }),
        readGrant(publicClient, { contracts, payer, token, session: status.session }),
      ])
      const granted = grant.expiry === 0n ? 'node not authorised' : `node may spend ${formatAmount(grant.remaining)}`
      const detail = `${payer} has ${formatAmount(balance)}, ${formatAmount(escrow.balance)} in escrow, ${granted}`
      return { ok: balance > 0n, detail, hint: 'Buying and depositing need the chain’s coin in this wallet.' }
    },
  },
]
