import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import type { TermsMessage } from '../wire/index.ts'
import { createClientMachine } from './client-machine.ts'
import type { ClientEffect, Verdict } from './client-types.ts'

const NOW = 1_000_000
const WORD: Hex = `0x${'11'.repeat(32)}`
const PRICE = 10n
const SLICES = 128

const terms = (creditSlices: bigint): TermsMessage => ({
  type: 'terms',
  termsId: 1,
  price: PRICE,
  token: zeroAddress,
  payee: `0x${'22'.repeat(20)}`,
  credit: creditSlices * PRICE,
  minChannel: 0n,
  challenge: 3600,
  expiry: BigInt(NOW),
  sliceCount: SLICES,
  has: new Uint8Array(SLICES / 8).fill(0xff),
  owed: 0n,
  signature: new Uint8Array(64),
})

/** The terms' credit and what of it is owed already, both in slices; whether other connections use it too. */
type Account = {
  readonly creditSlices?: bigint
  readonly shared?: boolean
  readonly owed?: bigint
  /** What every slice is found to be. */
  readonly verdict?: Verdict
}

/** A client that has agreed on terms and has a channel; counts what it pays, and every payment is saved at once. */
function readyClient({ creditSlices = 32n, shared = false, owed = 0n, verdict = true }: Account = {}) {
  const slices = { expectedSlices: SLICES, sliceCount: SLICES, publicSlices: [] }
  const config = { maxPrice: PRICE, token: zeroAddress, ...slices, stallMs: 5000 }
  const machine = createClientMachine(config, NOW)
  const paid: number[] = []
  const failed: number[] = []
  const handed: Uint8Array[] = []
  let ended: string | undefined
  const answers: Record<string, (request: never) => unknown> = {
    signHello: () => ({ type: 'hello' }),
    checkTerms: () => true,
    verifySlice: () => verdict,
    fund: () => ({ channelId: WORD, deposit: 100_000n, promised: 0n, unacknowledged: 0n, lost: 0n, shared }),
    pay: ({ count }: { count: number }) => {
      paid.push(count)
      const promised = BigInt(paid.reduce((sum, each) => sum + each, 0)) * PRICE
      return { message: { type: 'pay', channelId: WORD, tick: WORD, ticks: 1 }, promised, tickRoot: WORD }
    },
  }
  const apply = (effects: ClientEffect[]): void => {
    for (const effect of effects) {
      if (effect.type === 'slice') handed.push(effect.data)
      if (effect.type === 'failed') failed.push(effect.index)
      if (effect.type === 'close') ended = effect.error?.code
      if (effect.type !== 'ask') continue
      const answer = answers[effect.kind]
      assert.ok(answer, `${effect.kind} is answered`)
      apply(machine.resolve(effect.id, answer(effect.request as never), NOW))
    }
  }
  apply(machine.receive({ type: 'challenge', nonce: WORD }, NOW))
  apply(machine.receive({ ...terms(creditSlices), owed: owed * PRICE }, NOW))
  return {
    paid,
    failed,
    handed,
    ended: () => ended,
    want: (count: number, now = NOW) => apply(machine.want([...Array(count).keys()], 0, now)),
    deliver: (first: number, last: number, now = NOW) => {
      for (let index = first; index <= last; index += 1) {
        apply(machine.receive({ type: 'slice', index, data: new Uint8Array(1) }, now))
      }
    },
    deny: (index: number) => apply(machine.receive({ type: 'denied', code: 'SLICE_MISSING', message: '', index }, NOW)),
    cancel: (indices: number[], now = NOW) => apply(machine.cancel(indices, now)),
    tick: (now = NOW + 1000) => apply(machine.tick(now)),
    leave: () => apply(machine.leave(NOW)),
  }
}

/** A client that wanted the first `wanted` slices and got the first `arrived` of them. */
function fetchingClient(wanted: number, arrived: number, account?: Account) {
  const client = readyClient(account)
  client.want(wanted)
  client.deliver(0, arrived - 1)
  return client
}

describe('client machine', () => {
  it('pays eight slices in one message while more are on their way', () => {
    assert.deepEqual(fetchingClient(20, 19).paid, [8, 8])
  })

  it('hands on the bytes that verifying gave back, where it took the memory of those that came', () => {
    const elsewhere = new Uint8Array([1])
    const client = fetchingClient(1, 1, { verdict: elsewhere })
    assert.equal(client.handed[0], elsewhere)
    assert.deepEqual(client.paid, [1])
  })

  it('neither pays nor hands on what is not the slice, and leaves', () => {
    const client = fetchingClient(8, 1, { verdict: false })
    assert.deepEqual([client.handed, client.paid, client.ended()], [[], [], 'SLICE_CORRUPT'])
  })

  it('pays the rest once nothing more is on its way', () => {
    assert.deepEqual(fetchingClient(11, 11).paid, [8, 3])
  })

  it('pays the rest when what was missing is refused or taken back', () => {
    const refused = fetchingClient(3, 2)
    refused.deny(2)
    assert.deepEqual(refused.paid, [2])

    const takenBack = fetchingClient(3, 2)
    takenBack.cancel([2])
    assert.deepEqual(takenBack.paid, [2])
  })

  it('pays a quarter of the credit at the latest, every slice where the credit is small', () => {
    assert.deepEqual(fetchingClient(20, 10, { creditSlices: 16n }).paid, [4, 4])
    assert.deepEqual(fetchingClient(20, 3, { creditSlices: 2n }).paid, [1, 1, 1])
  })

  it('pays every slice at once where others use the same credit, or where most of it is taken', () => {
    assert.deepEqual(fetchingClient(20, 3, { shared: true }).paid, [1, 1, 1])
    assert.deepEqual(fetchingClient(20, 4, { owed: 24n }).paid, [2, 2])
  })

  it('asks for as many slices as it may at once, and fails only the rest', () => {
    const client = readyClient()
    client.want(60)
    assert.deepEqual(client.failed, [])
    client.want(66)
    assert.deepEqual(client.failed, [64, 65])
  })

  it('does not let what is due wait longer than a second, or for a goodbye', () => {
    const client = fetchingClient(20, 3)
    assert.deepEqual(client.paid, [])
    client.tick()
    assert.deepEqual(client.paid, [3])
    client.deliver(3, 4)
    client.leave()
    assert.deepEqual(client.paid, [3, 2])
  })

  it('leaves a server that lets slices wait until they are taken back, again and again', () => {
    const client = readyClient()
    for (const second of [0, 10, 20]) {
      client.want(2, NOW + second * 1000)
      client.cancel([0, 1], NOW + second * 1000 + 2000)
      client.tick(NOW + second * 1000 + 9000)
    }
    assert.equal(client.ended(), undefined)
    client.want(1, NOW + 30_000)
    client.tick(NOW + 30_000)
    assert.equal(client.ended(), 'TIMEOUT')
  })

  it('forgets how long it waited in vain once a slice comes', () => {
    const client = readyClient()
    client.want(1)
    client.cancel([0], NOW + 4000)
    client.want(1, NOW + 10_000)
    client.deliver(0, 0, NOW + 10_500)
    client.want(2, NOW + 20_000)
    client.tick(NOW + 23_000)
    assert.equal(client.ended(), undefined)
  })
})
