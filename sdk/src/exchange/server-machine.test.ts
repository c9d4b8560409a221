import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answers, config, drive, hello, NOW, SECONDS, want, word } from '../../../test/exchange/drive-server.ts'
import type { HelloMessage } from '../wire/index.ts'
import { createServerMachine } from './server-machine.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { ServerAsks, ServerEffect } from './server-types.ts'
import type { Ports } from './asks.ts'

describe('server machine', () => {
  it('checks the cheap things first and stops at the first that fails', () => {
    const order = ['content', 'verifyHello', 'sessionExpiry', 'entitlement', 'quote', 'sign']
    const all = drive()
    all.receive(hello)
    assert.deepEqual(all.asked, order)
    const refusals: [Partial<Ports<ServerAsks>>, string, number][] = [
      [{ content: () => undefined }, 'CONTENT_UNKNOWN', 1],
      [{ verifyHello: () => false }, 'SIGNATURE_INVALID', 2],
      [{ sessionExpiry: () => 0n }, 'SESSION_FOREIGN', 3],
      [{ sessionExpiry: () => SECONDS + 59n }, 'SESSION_EXPIRED', 3],
      [{ entitlement: () => [] }, 'NOT_ENTITLED', 4],
    ]
    for (const [overrides, code, count] of refusals) {
      const one = drive(overrides)
      one.receive(hello)
      assert.deepEqual(one.denials(), [code])
      assert.deepEqual(one.asked, order.slice(0, count))
      assert.ok(one.isClosed())
    }
  })

  it('asks nobody about a Hello that is stale, for another server, chain or challenge', () => {
    const flawed: Partial<HelloMessage>[] = [
      { challenge: word('d') },
      { serverPeerId: 'other' },
      { chainId: 2n },
      { expiry: SECONDS },
      { expiry: SECONDS + 601n },
    ]
    for (const flaw of flawed) {
      const one = drive()
      one.receive({ ...hello, ...flaw })
      assert.deepEqual(one.asked, [])
      assert.ok(one.isClosed())
    }
  })

  it('ends a connection that speaks out of turn, wants too much, or is refused too often', () => {
    for (const message of [want(0, 0), { type: 'slice', index: 0, data: new Uint8Array(0) } as const]) {
      const early = drive()
      early.receive(message)
      assert.deepEqual(early.denials(), ['PROTOCOL_VIOLATION'])
    }
    const greedy = drive({}, { holdSlices: true })
    greedy.receive(hello, want(0, SERVER_LIMITS.outstanding))
    assert.deepEqual(greedy.denials(), ['PROTOCOL_VIOLATION'])
    const stubborn = drive({ entitlement: () => [{ first: 0, last: 0 }] })
    stubborn.receive(hello, want(1, 900))
    assert.equal(stubborn.denials().at(-1), 'PROTOCOL_VIOLATION')
    assert.equal(stubborn.denials().length, SERVER_LIMITS.strikes + 1)
    const twice = drive()
    twice.receive(hello, hello)
    assert.deepEqual(twice.denials(), ['PROTOCOL_VIOLATION'])
  })

  it('reads no more slices than the pipeline holds while the transport is full', () => {
    const one = drive({}, { holdSlices: true })
    one.receive(hello, want(0, 20))
    assert.deepEqual(one.slices(), [0, 1, 2, 3])
    one.carryOut(one.machine.resolve(one.held[0] ?? 0, undefined, NOW))
    assert.deepEqual(one.slices(), [0, 1, 2, 3, 4])
  })

  it('serves what is more urgent first, and not what was cancelled', () => {
    const one = drive({}, { holdSlices: true })
    one.receive(hello, want(0, 6), want(50, 50, 9), { type: 'cancel', ranges: [{ first: 4, last: 5 }] })
    for (let at = 0; at < 6; at += 1) one.carryOut(one.machine.resolve(one.held[at] ?? 0, undefined, NOW))
    assert.deepEqual(one.slices(), [0, 1, 2, 3, 50, 6])
  })

  it('gives back what it reserved for a slice that is missing, or not read when the channel breaks', () => {
    const missing = drive({ read: () => undefined })
    missing.receive(hello, want(7, 7))
    assert.deepEqual(missing.asked.slice(-3), ['reserve', 'read', 'release'])
    assert.deepEqual(missing.denials(), ['SLICE_MISSING'])

    const machine = createServerMachine(config, NOW)
    const kinds: string[] = []
    const carryOut = (effects: ServerEffect[]): void => {
      for (const effect of effects) {
        if (effect.type !== 'ask') continue
        kinds.push(effect.kind)
        const port = answers[effect.kind] as (request: unknown) => unknown
        if (effect.kind !== 'read') carryOut(machine.resolve(effect.id, port(effect.request), NOW))
      }
    }
    carryOut(machine.receive(hello, NOW))
    carryOut(machine.receive(want(0, 0), NOW))
    carryOut(machine.stop(NOW))
    assert.deepEqual(kinds.slice(-2), ['read', 'release'])
  })

  it('is owed nothing for a slice that costs nothing, and says so', () => {
    const released: unknown[] = []
    const one = drive({
      reserve: ({ index }) => (index === 0 ? 'reserved' : 'free'),
      read: ({ index }) => (index < 3 ? Uint8Array.of(index) : undefined),
      release: ({ index, free }) => void released.push([index, free]),
    })
    one.receive(hello, want(0, 3))
    assert.deepEqual(
      one.sent.flatMap((message) => (message.type === 'slice' ? [[message.index, message.free]] : [])),
      [
        [0, undefined],
        [1, true],
        [2, true],
      ],
    )
    assert.deepEqual(released, [[3, true]])
    one.receive({ type: 'bye' })
    assert.equal(one.isClosed(), false)
    one.receive({ type: 'pay', channelId: word('4'), tick: word('5'), ticks: 1 })
    assert.equal(one.isClosed(), true)
  })

  it('waits for a payment before it says that credit is exhausted, and goes on when one comes', () => {
    let credit = 2
    const one = drive({ reserve: () => ((credit -= 1) >= 0 ? 'reserved' : 'exhausted') })
    one.receive(hello, want(0, 5))
    assert.deepEqual(one.slices(), [0, 1])
    one.carryOut(one.machine.tick(NOW + SERVER_LIMITS.creditPatienceMs))
    assert.deepEqual(one.denials(), [])
    credit = 1
    one.receive({ type: 'pay', channelId: word('4'), tick: word('5'), ticks: 1 })
    assert.deepEqual(one.slices(), [0, 1, 2])

    const broke = drive({ reserve: () => 'exhausted' })
    broke.receive(hello, want(0, 0))
    assert.deepEqual(broke.denials(), [])
    broke.carryOut(broke.machine.tick(NOW + SERVER_LIMITS.creditPatienceMs))
    assert.deepEqual(broke.denials(), ['CREDIT_EXHAUSTED'])
  })

  it('ends a handshake that takes too long, and a connection on which nothing moves', () => {
    const slow = drive()
    slow.carryOut(slow.machine.tick(NOW + SERVER_LIMITS.handshakeMs - 1))
    assert.ok(!slow.isClosed())
    slow.carryOut(slow.machine.tick(NOW + SERVER_LIMITS.handshakeMs))
    assert.deepEqual(slow.denials(), ['TIMEOUT'])
    const idle = drive()
    idle.receive(hello)
    idle.carryOut(idle.machine.tick(NOW + SERVER_LIMITS.idleMs))
    assert.ok(idle.isClosed())
  })

  it('finishes what is on its way after a goodbye, and closes once it is paid', () => {
    const one = drive({}, { holdSlices: true })
    one.receive(hello, want(0, 9), { type: 'bye' })
    assert.ok(!one.isClosed())
    for (const id of one.held.slice()) one.carryOut(one.machine.resolve(id, undefined, NOW))
    assert.deepEqual(one.slices(), [0, 1, 2, 3])
    for (let ticks = 1; ticks <= 4; ticks += 1) {
      assert.ok(!one.isClosed())
      one.receive({ type: 'pay', channelId: word('4'), tick: word('5'), ticks })
    }
    assert.ok(one.isClosed())
  })
})
