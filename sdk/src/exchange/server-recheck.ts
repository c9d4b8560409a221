import type { ServerContext } from './server-context.ts'
import { unixSeconds } from './server-hello.ts'
import { depart, pump } from './server-slices.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { Admission, Speaker } from './server-types.ts'

/**
 * Rechecks once a minute, for what no event tells: a timed key, a session or a grant that ends, an event that was missed. A
 * chain that does not answer for a while ends nothing; nor does it keep anything open for long.
 */
export function recheckWhenDue(context: ServerContext): void {
  const { phase, admission, now, checkedAt, recheckedAt } = context.state
  if (phase !== 'serving' || admission === undefined || admission.kind === 'public') return
  if (now - checkedAt >= SERVER_LIMITS.uncheckedMs) {
    return depart(context, 'RPC_UNREACHABLE', 'The chain does not say whether this may still be had.')
  }
  if (now - recheckedAt >= SERVER_LIMITS.recheckMs) recheck(context)
}

/** Asks again whether the client may still have what it was offered: now, or once more when the answer on its way is here. */
export function recheck(context: ServerContext): void {
  const { state, asker } = context
  const { admission } = state
  if (state.phase !== 'serving' || admission === undefined || admission.kind === 'public') return
  if (state.rechecking !== undefined) return void (state.rechecking = 'again')
  state.rechecking = 'once'
  state.recheckedAt = state.now
  const { speaker } = admission
  if (speaker !== undefined) return askForSpeaker(context, admission, speaker)
  asker.ask(
    'grant',
    admission.hello,
    (honoured) => settle(context, admission, honoured ? admission.allowed : []),
    () => goOn(context),
  )
}

function askForSpeaker(context: ServerContext, admission: Admission, { wallet, session }: Speaker): void {
  const { state, asker } = context
  const fail = (): void => goOn(context)
  const ask = (expiry: bigint): void => {
    if (expiry <= unixSeconds(state.now)) return depart(context, 'SESSION_EXPIRED', 'The session no longer speaks.')
    const question = { root: admission.root, wallet, fresh: false }
    asker.ask('entitlement', question, (allowed) => settle(context, admission, allowed), fail)
  }
  asker.ask('sessionExpiry', { wallet, session }, ask, fail)
}

/** What waits and may not be had any more is refused. */
function settle(context: ServerContext, admission: Admission, allowed: Admission['allowed']): void {
  const { state } = context
  if (state.phase !== 'serving') return
  if (allowed.length === 0)
    return depart(context, 'NOT_ENTITLED', 'The wallet no longer holds a key, or the grant is over.')
  state.checkedAt = state.now
  const served = [...allowed, ...(admission.publicSlices ?? [])]
  state.admission = { ...admission, allowed: served }
  const isAllowed = (index: number): boolean => served.some(({ first, last }) => index >= first && index <= last)
  const lost = state.queue.filter(({ index }) => !isAllowed(index))
  state.queue = state.queue.filter(({ index }) => isAllowed(index))
  for (const { index } of lost) context.refuse('NOT_ENTITLED', 'The wallet may no longer have this slice.', { index })
  goOn(context)
  pump(context)
}

function goOn(context: ServerContext): void {
  const { state } = context
  const isOnceMore = state.rechecking === 'again'
  state.rechecking = undefined
  if (isOnceMore) recheck(context)
}
