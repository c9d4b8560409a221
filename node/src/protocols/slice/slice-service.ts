import { bytesToHex } from 'viem'
import type { Address } from 'viem'
import { SluiceError } from '@sluice/sdk'
import { CHANNEL_GAS, minChannelFor } from '@sluice/sdk/channel'
import { createServerMachine, runServer } from '@sluice/sdk/exchange'
import type { FrameChannel, ServerRun } from '@sluice/sdk/exchange'
import type { AccountKey } from '../../ledger/index.ts'
import { createByteBudget } from './byte-budget.ts'
import { createClaimer } from './claimer.ts'
import type { Claimer } from './claimer.ts'
import { createOpener } from './opener.ts'
import { createPublicReader } from './public-reader.ts'
import type { PublicReader } from './public-reader.ts'
import { createServerPorts } from './server-ports.ts'
import type { PortsContext } from './server-ports.ts'
import type { Remote, SliceComponents } from './types.ts'

/** `/sluice/slice/1.0.0`: frames behind their length; see docs/protocol.md. */
export const SLICE_PROTOCOL = '/sluice/slice/1.0.0'

/** Seconds that an offer stands. */
const termsLifetime = 6n * 3600n
const GAS_PRICE_LIFETIME_MS = 30_000

/** Serves this node's contents for money, over whatever channel a client came. */
export type SliceService = Pick<Claimer, 'claim' | 'onCloseRequested'> & {
  /** Resolves when the connection has ended. */
  serve(channel: FrameChannel, remote: Remote): Promise<void>
  /** What anyone may have, for transports without a Hello. */
  readonly publicReader: PublicReader
  /** Ends all connections. */
  stop(): Promise<void>
}

export function createSliceService(components: SliceComponents): SliceService {
  const { entitlements, sessions, identity, domain, metrics } = components
  /** With the wallet that pays there. */
  const runs = new Map<ServerRun, Address | undefined>()
  const accounts = createAccounts()
  const stopping = new AbortController()
  const publicBytes = createByteBudget(components.policy.publicBytesPerMinute)
  const context: PortsContext = {
    ...components,
    opener: createOpener(components),
    publicBytes,
    minChannel: createMinChannel(components),
    onPaid: (account) => {
      for (const run of accounts.runsOf(account)) run.wake()
    },
  }
  const recheck = (wallet: Address | undefined): void => {
    for (const [run, payer] of runs)
      if (wallet === undefined || payer?.toLowerCase() === wallet.toLowerCase()) run.recheck()
  }
  const subscriptions = [entitlements.onChange((change) => recheck(change?.wallet)), sessions.onChange?.(recheck)]

  const serve = async (channel: FrameChannel, remote: Remote): Promise<void> => {
    if (runs.size >= components.policy.maxConnections || stopping.signal.aborted) return channel.close()
    const challenge = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
    const machine = createServerMachine({ peerId: identity.peerId, domain, challenge, termsLifetime }, Date.now())
    let account: AccountKey | undefined
    const ports = createServerPorts(context, remote, (key) => {
      account = key
      if (runs.has(run)) runs.set(run, key.wallet)
      accounts.join(key, run)
    })
    const run = runServer(machine, channel, ports, stopping.signal)
    runs.set(run, undefined)
    metrics?.connections(1)
    const refusal = await run.done
    if (refusal !== undefined) metrics?.refused(refusal)
    runs.delete(run)
    if (account !== undefined) {
      accounts.leave(account, run)
      settle(components, account)
    }
    metrics?.connections(-1)
  }

  const { claim, onCloseRequested } = createClaimer(components)
  const stop = async (): Promise<void> => {
    for (const unsubscribe of subscriptions) unsubscribe?.()
    stopping.abort(new SluiceError('ABORTED', 'The node stops.'))
    await Promise.all([...runs.keys()].map(({ done }) => done))
  }
  return { serve, claim, onCloseRequested, publicReader: createPublicReader(components, publicBytes), stop }
}

/** Where the file cannot be written now, it is right after the account's next write, or when the node ends. */
function settle({ ledger, log }: SliceComponents, account: AccountKey): void {
  try {
    ledger.settle(account)
  } catch (error) {
    log.warn({ err: error }, 'the ledger cannot be written')
  }
}

/** The least deposit at a recent gas price: one RPC call for many connections. */
function createMinChannel({ chain, policy }: SliceComponents): () => Promise<bigint> {
  let known: { at: number; value: Promise<bigint> } | undefined
  const ask = async (): Promise<bigint> => {
    const market = { gasPrice: await chain.gasPrice(), rate: policy.rate }
    return minChannelFor(market, { factor: policy.minChannelFactor, gas: CHANNEL_GAS })
  }
  return () => {
    if (known === undefined || Date.now() - known.at > GAS_PRICE_LIFETIME_MS) {
      const value = ask()
      known = { at: Date.now(), value }
      // A failure is not remembered: the next connection asks again.
      value.catch(() => (known = undefined))
    }
    return known.value
  }
}

/** Who is being served, by account. */
function createAccounts() {
  const runs = new Map<string, Set<ServerRun>>()
  return {
    runsOf: (account: AccountKey): ReadonlySet<ServerRun> => runs.get(nameOf(account)) ?? NOBODY,
    join: (account: AccountKey, run: ServerRun): void => {
      runs.set(nameOf(account), (runs.get(nameOf(account)) ?? new Set()).add(run))
    },
    leave: (account: AccountKey, run: ServerRun): void => {
      const others = runs.get(nameOf(account))
      others?.delete(run)
      if (others?.size === 0) runs.delete(nameOf(account))
    },
  }
}

const NOBODY: ReadonlySet<ServerRun> = new Set()

function nameOf({ wallet, root, token }: AccountKey): string {
  return `${wallet.toLowerCase()} ${root} ${token}`
}
