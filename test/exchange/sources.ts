import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { zeroAddress } from 'viem'
import { budgetUsedUp } from '../../sdk/src/channel/index.ts'
import type { Budget } from '../../sdk/src/channel/index.ts'
import { SluiceError } from '../../sdk/src/errors.ts'
import type { ErrorCode } from '../../sdk/src/errors.ts'
import type { Source } from '../../sdk/src/exchange/source.ts'

export type FakeOptions = {
  peerId?: string
  has?: (index: number) => boolean
  fail?: ErrorCode
  at?: number
  silent?: boolean
  price?: bigint
  minChannel?: bigint
  budget?: Budget
  identity?: string
}

/** A source that answers at once, fails from a slice on, or never answers. */
export function fakeSource(
  options: FakeOptions = {},
): Source & { fetched: number[]; leave: (error: SluiceError) => void } {
  const { promise: closed, resolve } = Promise.withResolvers<SluiceError | undefined>()
  const fetched: number[] = []
  const price = options.price ?? 0n
  const leave = (error: SluiceError): void => {
    options.budget?.give(price * BigInt(fetched.length))
    resolve(error)
  }
  return {
    fetched,
    leave,
    peerId: options.peerId ?? 'peer',
    ...(options.identity !== undefined && { identity: options.identity }),
    price,
    hasChannel: false,
    terms: {
      type: 'terms',
      termsId: 1,
      price,
      token: zeroAddress,
      payee: zeroAddress,
      credit: 0n,
      minChannel: options.minChannel ?? 0n,
      challenge: 0,
      expiry: 0n,
      sliceCount: 100,
      has: new Uint8Array(13),
      owed: 0n,
      signature: new Uint8Array(64),
    },
    has: options.has ?? (() => true),
    fetch: async (index, { signal } = {}) => {
      if (options.budget?.take(price) === false) throw budgetUsedUp(options.budget)
      fetched.push(index)
      if (options.silent)
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new SluiceError('ABORTED', ''))),
        )
      await new Promise(setImmediate)
      if (options.fail && index >= (options.at ?? 0)) throw new SluiceError(options.fail, 'fails')
      options.budget?.spend(price)
      return Uint8Array.of(index)
    },
    paid: () => 0n,
    delivered: () => fetched.length,
    closed,
    close: async () => resolve(undefined),
  }
}

/** A source that sends one slice after the other, each in `sliceMs`, until it turns after so many. */
export function pacedSource(
  sliceMs: number,
  turn?: { after: number; to: 'slow' | 'silent' | 'corrupt' },
  options?: FakeOptions,
) {
  const source = fakeSource(options)
  let tail = Promise.resolve()
  const send = async (count: number): Promise<void> => {
    const fault = turn !== undefined && count > turn.after ? turn.to : undefined
    if (fault === 'silent') return new Promise(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, fault === 'slow' ? 50 * sliceMs : sliceMs))
    if (fault === 'corrupt') throw new SluiceError('SLICE_CORRUPT', 'damaged')
  }
  const fetch: Source['fetch'] = async (index, { signal } = {}) => {
    const count = source.fetched.push(index)
    const sent = tail.then(() => (signal?.aborted === true ? undefined : send(count)))
    tail = sent.catch(() => undefined)
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new SluiceError('ABORTED', ''))),
    )
    await Promise.race([sent, aborted])
    return Uint8Array.of(index)
  }
  return { ...source, fetch }
}

/** Lets mocked time pass until the work is done; returns the milliseconds that it took. */
export async function elapse({ mock }: TestContext, work: Promise<unknown>): Promise<number> {
  const state = { done: false }
  void work.then(() => (state.done = true))
  let elapsed = 0
  for (; !state.done && elapsed < 60_000; elapsed += 5) {
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate)
    mock.timers.tick(5)
  }
  return elapsed
}

/** Lets so much mocked time pass, and what it sets off happen. */
export async function pass({ mock }: TestContext, milliseconds: number): Promise<void> {
  for (let elapsed = 0; elapsed < milliseconds; elapsed += 100) {
    await new Promise(setImmediate)
    mock.timers.tick(Math.min(100, milliseconds - elapsed))
  }
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate)
}

export async function collect(slices: AsyncIterable<{ index: number; bytes: Uint8Array }>): Promise<number[]> {
  const indices: number[] = []
  for await (const { index, bytes } of slices) {
    assert.equal(bytes[0], index & 0xff)
    indices.push(index)
  }
  return indices
}

export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)
