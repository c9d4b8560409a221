import { isOfBudget } from '../channel/index.ts'
import type { Budget } from '../channel/index.ts'
import type { SluiceError } from '../errors.ts'
import type { PaceMeter } from './pace.ts'
import type { SliceSource } from './source.ts'
import type { Via } from './swarm-types.ts'

/** A source of a swarm. */
export type Member = {
  readonly id: number
  readonly source: SliceSource
  readonly name: string | undefined
  readonly via: Via | undefined
  readonly meter: PaceMeter
  readonly handicap: number
  inFlight: number
  slices: number
  /** Why nothing more can be bought there, as long as that is so. */
  spent: SluiceError | undefined
}

/** A slice that somebody waits for. */
export type Request = {
  readonly index: number
  deadline: number
  startedAt: number | undefined
  readonly assigned: Set<number>
  readonly failed: Set<number>
  /** Of those that failed, where there was no money, and why; asked again when some comes back. */
  readonly unaffordable: Map<number, SluiceError>
  /** Since when only money can help that nobody is seen to bring back; unix milliseconds. */
  poorSince: number | undefined
  readonly abort: AbortController
  readonly done: PromiseWithResolvers<Uint8Array>
  waiting: number
}

/**
 * How long money is waited for that is set aside for slices which were taken back. What is on its way without being waited for
 * comes within as much, or not at all; what is waited for comes, or its source goes, by the source's own limits. Milliseconds.
 */
const PATIENCE_MS = 15_000

export function createRequest(index: number, deadline: number): Request {
  return {
    index,
    deadline,
    startedAt: undefined,
    assigned: new Set(),
    failed: new Set(),
    unaffordable: new Map(),
    poorSince: undefined,
    abort: new AbortController(),
    done: Promise.withResolvers<Uint8Array>(),
    waiting: 0,
  }
}

/** A source does not fetch a slice any more: the others are asked. */
export function release({ assigned, failed }: Request, { id }: Member): void {
  assigned.delete(id)
  failed.add(id)
}

/** Has those asked again that were refused for want of money: all, or those that `mayAsk` names. */
export function forgive(
  members: Iterable<Member>,
  requests: readonly Request[],
  mayAsk: (member: Member, refusal: SluiceError) => boolean = () => true,
): boolean {
  let isAny = false
  for (const member of members) {
    const isForgiven = (refusal: SluiceError | undefined): boolean => refusal !== undefined && mayAsk(member, refusal)
    const refused = requests.filter(({ unaffordable }) => isForgiven(unaffordable.get(member.id)))
    for (const { failed, unaffordable } of refused) {
      failed.delete(member.id)
      unaffordable.delete(member.id)
    }
    const wasSpent = isForgiven(member.spent)
    if (wasSpent) member.spent = undefined
    isAny ||= wasSpent || refused.length > 0
  }
  return isAny
}

/** Whom the budget refused what it can pay for by now. */
export function isAffordable(budget: Budget | undefined) {
  return ({ source }: Member, refusal: SluiceError): boolean =>
    budget !== undefined && isOfBudget(refusal) && source.price <= budget.limit - budget.taken
}

/** Whether a slice that nobody can be asked for could be bought with money that may still come back. */
export function awaitsMoney(request: Request, members: readonly Member[], budget: Budget | undefined, now: number) {
  const refusals = [...request.unaffordable.values(), ...members.flatMap(({ spent }) => spent ?? [])]
  if (budget === undefined || budget.outstanding <= 0n || !refusals.some(isOfBudget)) return false
  if (members.some(({ inFlight }) => inFlight > 0)) request.poorSince = undefined
  else request.poorSince ??= now
  return request.poorSince === undefined || now - request.poorSince < PATIENCE_MS
}
