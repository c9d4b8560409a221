import { isSluiceError, SluiceError } from '../errors.ts'
import { refusedFor } from '../social/index.ts'
import type { SocialReport } from '../social/index.ts'
import { confirmSocialReport } from './confirm-social-report.ts'
import type { ConfirmedReport, SocialChain } from './confirm-social-report.ts'
import type { SocialCarrier } from './social-node.ts'

const FIRST_WAIT_MS = 250
const MAX_WAIT_MS = 5000
/** Longest that an action is followed, however far off its deadline is by this clock. */
const MAX_FOLLOW_MS = 3_700_000
/** How long after its deadline a node may take to say what became of it. */
const GRACE_MS = 60_000
/** Looks in a row, some ten seconds in all, by which a chain that was behind the node says itself why it refuses. */
const MAX_DISPUTES = 8
/** A node that is away, or was restarted and forgot, is asked again. */
const PASSING = ['NODE_UNREACHABLE', 'RATE_LIMITED', 'RPC_UNREACHABLE'] as const

/**
 * Follows an action that a node has taken, from the report that is known of it, until it is settled on chain: after it
 * was posted, or when a page that was left comes back and finds it in the node's list. A node that has forgotten it is
 * given it again. The node is believed in nothing that the chain can say, see `confirmSocialReport`; where it goes on
 * refusing what the chain would do, or fails otherwise than by being away, the next one is given it.
 *
 * @returns The report once it is settled, or refused as `unchanged`: it was so already.
 * @throws `CHAIN_REVERT` with the refusal in `details.reason`, `TIMEOUT` where nobody submitted it by its deadline,
 * `ABORTED`, `PROTOCOL_VIOLATION` where all nodes refuse what the chain would do, and how the last of them failed: what
 * posting it again throws, or `PROTOCOL_VIOLATION` for an answer about another action.
 */
export async function followSocialAction(
  node: SocialCarrier,
  first: SocialReport,
  options: followSocialAction.Options,
): Promise<SocialReport> {
  const { onReport, signal, others = [] } = options
  const until = AbortSignal.timeout(timeFor(first))
  const left = [...others]
  let [carrier, disputes]: [SocialCarrier, number] = [node, 0]
  let last = await confirmSocialReport(options, first.post, first)
  for (let wait = FIRST_WAIT_MS; !isOver(last); wait = Math.min(wait * 1.5, MAX_WAIT_MS)) {
    await sleep(wait, AbortSignal.any([signal, until]))
    const { next, failure } = await lookAgain(carrier, last, options)
    if (next.state !== last.state) onReport?.(next)
    last = next
    disputes = next.isDisputed === true ? disputes + 1 : 0
    if (failure !== undefined || disputes >= MAX_DISPUTES) [carrier, disputes] = [left.shift() ?? giveUp(failure), 0]
  }
  return endOf(last)
}

export declare namespace followSocialAction {
  type Options = SocialChain & {
    /** Who is asked, one after the other, where a node refuses what the chain would do, or fails. */
    readonly others?: readonly SocialCarrier[] | undefined
    /** Told of every change from what is known. */
    readonly onReport?: ((report: SocialReport) => void) | undefined
    /** Ends the following. */
    readonly signal: AbortSignal
  }
}

/** Milliseconds for which it is worth asking. */
function timeFor({ post }: SocialReport): number {
  const left = Number(post.action.deadline) * 1000 - Date.now()
  return Math.min(Math.max(left, 0) + GRACE_MS, MAX_FOLLOW_MS)
}

type Look = {
  readonly next: ConfirmedReport
  /** Why this node is no use any more. */
  readonly failure?: Error
}

/**
 * How it stands by now; the same as before where the node cannot say. Once a node has failed, those after it that are away
 * are passed over as if they refused it.
 */
async function lookAgain(
  node: SocialCarrier,
  last: ConfirmedReport,
  options: followSocialAction.Options,
): Promise<Look> {
  try {
    return { next: await confirmSocialReport(options, last.post, await reportOrPost(node, last, options.signal)) }
  } catch (error) {
    if (PASSING.some((code) => isSluiceError(error, code))) return { next: last }
    if (options.signal.aborted || !(error instanceof Error) || isSluiceError(error, 'ABORTED')) throw error
    return { next: { ...last, isDisputed: true }, failure: error }
  }
}

async function reportOrPost(node: SocialCarrier, last: SocialReport, signal: AbortSignal): Promise<SocialReport> {
  try {
    return await node.report(last.id, signal)
  } catch (error) {
    if (!isSluiceError(error, 'NOT_FOUND')) throw error
  }
  return node.post(last.post, signal)
}

function giveUp(failure: Error | undefined): never {
  if (failure !== undefined) throw failure
  throw new SluiceError('PROTOCOL_VIOLATION', 'Nodes refuse to carry this, though the chain would do it.', {
    hint: 'Say it at another node, or by a transaction.',
  })
}

/** What it came to, where that is what was wished. */
function endOf(last: SocialReport): SocialReport {
  if (last.state === 'refused' && last.reason !== 'unchanged') throw refusedFor(last.reason)
  return last
}

function isOver({ state }: SocialReport): boolean {
  return state === 'settled' || state === 'refused'
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      const isLate = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      reject(
        isLate
          ? new SluiceError('TIMEOUT', 'Nobody has submitted this action in time.', {
              hint: 'Say it again, or by a transaction.',
            })
          : new SluiceError('ABORTED', 'The action is not followed any more; it may land all the same.'),
      )
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
