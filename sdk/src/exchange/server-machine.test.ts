import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CID } from 'multiformats/cid'
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { Frame, HelloMessage } from '../wire/index.ts'
import type { Ports } from './asks.ts'
import { createServerMachine } from './server-machine.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { ServerAsks, ServerEffect } from './server-types.ts'

const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const CHALLENGE = word('c')
const NOW = 1_700_000_000_000
const SECONDS = BigInt(NOW / 1000)
const root = CID.parse('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
const signature = { r: word('1'), s: word('1') }
const identity = { wallet: zeroAddress, session: { qx: word('2'), qy: word('3') }, signature }
const hello: HelloMessage = {
  type: 'hello',
  challenge: CHALLENGE,
  serverPeerId: 'server',
  clientId: '0x01',
  root,
  chainId: 1n,
  expiry: SECONDS + 60n,
  identity,
}
const config = {
  peerId: 'server',
  domain: { chainId: 1, channels: zeroAddress },
  challenge: CHALLENGE,
  termsLifetime: 3600n,
}
const policy = { payee: zeroAddress, token: zeroAddress, minChannel: 0n, minChallenge: 0, minDeadline: 0n }

/** Says yes to everything; the bytes of a slice are its index. */
const answers: Ports<ServerAsks> = {
  content: () => ({ sliceCount: 1000, has: new Uint8Array(125).fill(255), publicSlices: [], open: false }),
  verifyHello: () => true,
  sessionExpiry: () => SECONDS + 3600n,
  entitlement: () => [{ first: 0, last: 999 }],
  grant: () => false,
  quote: () => ({ price: 1n, credit: 4n, owed: 0n, policy }),
  sign: () => new Uint8Array(64),
  open: () => ({ channelId: word('4'), deposit: 10n }),
  topUp: () => ({ channelId: word('4'), deposit: 10n }),
  pay: () => ({ total: 1n, added: 1n }),
  reserve: () => 'reserved',
  release: () => undefined,
  read: ({ index }) => Uint8Array.of(index),
}

/** Drives a machine by hand: what it asks is answered at once, what it sends is kept. */
function drive(overrides: Partial<Ports<ServerAsks>> = {}, options: { holdSlices?: boolean } = {}) {
  const machine = createServerMachine(config, NOW)
  const ports = { ...answers, ...overrides }
  const asked: string[] = []
  const sent: Frame[] = []
  const held: number[] = []
  let closed = false
  let now = NOW
  const answerTo = (id: number, answer: () => unknown): ServerEffect[] => {
    try {
      return machine.resolve(id, answer(), now)
    } catch (error) {
      assert.ok(isSluiceError(error))
      return machine.fail(id, error, now)
    }
  }
  const carryOut = (effects: ServerEffect[]): void => {
    for (const effect of effects) {
      if (effect.type === 'close') closed = true
      else if (effect.type === 'send') {
        sent.push(effect.message)
        if (effect.id === undefined) continue
        if (options.holdSlices) held.push(effect.id)
        else carryOut(machine.resolve(effect.id, undefined, now))
      } else {
        asked.push(effect.kind)
        const port = ports[effect.kind] as (request: unknown) => unknown
        carryOut(answerTo(effect.id, () => port(effect.request)))
      }
    }
  }
  carryOut(machine.start(NOW))
  return {
    machine,
    asked,
    sent,
    held,
    carryOut,
    receive: (...messages: Frame[]) => messages.forEach((message) => carryOut(machine.receive(message, now))),
    denials: () => sent.flatMap((message) => (message.type === 'denied' ? [message.code] : [])),
    slices: () => sent.flatMap((message) => (message.type === 'slice' ? [message.index] : [])),
    isClosed: () => closed,
    pay: (times: number) => {
      const pay: Frame = { type: 'pay', channelId: word('4'), tick: word('5'), ticks: 1 }
      for (let paid = 0; paid < times; paid += 1) carryOut(machine.receive(pay, now))
    },
    /** Lets time pass; the client asks for a slice meanwhile, so that the connection is not idle. */
    elapse: (milliseconds: number) => {
      now += milliseconds
      carryOut(machine.receive(want(0, 0), now))
      carryOut(machine.tick(now))
    },
  }
}

const want = (first: number, last: number, priority = 0): Frame => {
  return { type: 'want', termsId: 1, ranges: [{ first, last }], priority }
}

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

  describe('after the terms', () => {
    const minute = SERVER_LIMITS.recheckMs
    const checks = (one: ReturnType<typeof drive>, kind: string): number =>
      one.asked.filter((asked) => asked === kind).length

    it('asks every minute whether the wallet may still have this, and ends when it may not', () => {
      let [allowed, expiry] = [[{ first: 0, last: 9 }], SECONDS + 3600n]
      const start = () => {
        const one = drive({ entitlement: () => allowed, sessionExpiry: () => expiry })
        one.receive(hello)
        one.elapse(minute - 1)
        assert.deepEqual([checks(one, 'sessionExpiry'), checks(one, 'entitlement')], [1, 1])
        one.elapse(1)
        assert.deepEqual([checks(one, 'sessionExpiry'), checks(one, 'entitlement'), one.denials()], [2, 2, []])
        return one
      }
      const [sold, revoked] = [start(), start()]
      allowed = []
      sold.elapse(minute)
      sold.pay(4)
      assert.deepEqual([sold.denials(), sold.isClosed()], [['NOT_ENTITLED'], true])
      allowed = [{ first: 0, last: 9 }]
      expiry = SECONDS
      revoked.elapse(minute)
      revoked.pay(4)
      assert.deepEqual([revoked.denials(), revoked.isClosed()], [['SESSION_EXPIRED'], true])
    })

    it('takes the payment for what was sent before the wallet lost its key, and refuses the rest', () => {
      let allowed = [{ first: 0, last: 99 }]
      const one = drive({ entitlement: () => allowed })
      one.receive(hello, want(0, 2))
      allowed = []
      one.carryOut(one.machine.recheck(NOW))
      assert.deepEqual([one.denials(), one.isClosed()], [[], false])
      one.receive(want(3, 3))
      assert.deepEqual([one.slices(), one.denials()], [[0, 1, 2], ['NOT_ENTITLED']])
      one.pay(2)
      allowed = [{ first: 0, last: 99 }]
      one.carryOut(one.machine.recheck(NOW))
      assert.equal(one.isClosed(), false)
      one.pay(1)
      assert.deepEqual([one.isClosed(), one.denials()], [true, ['NOT_ENTITLED', 'NOT_ENTITLED']])
    })

    it('waits two minutes and no longer for a payment from a wallet that lost its key', () => {
      let allowed = [{ first: 0, last: 99 }]
      const one = drive({ entitlement: () => allowed })
      one.receive(hello, want(0, 0))
      allowed = []
      one.carryOut(one.machine.recheck(NOW))
      one.carryOut(one.machine.tick(NOW + SERVER_LIMITS.idleMs - 1))
      assert.equal(one.isClosed(), false)
      one.carryOut(one.machine.tick(NOW + SERVER_LIMITS.idleMs))
      assert.equal(one.isClosed(), true)
    })

    it('does not hear what the chain says of a client that has said goodbye and still pays', () => {
      const machine = createServerMachine(config, NOW)
      const held: number[] = []
      let isClosed = false
      const carryOut = (effects: ServerEffect[], isHeld = (_kind: string) => false): void => {
        for (const effect of effects) {
          if (effect.type === 'close') isClosed = true
          if (effect.type === 'send' && effect.id !== undefined) carryOut(machine.resolve(effect.id, undefined, NOW))
          if (effect.type !== 'ask') continue
          const port = answers[effect.kind] as (request: unknown) => unknown
          if (isHeld(effect.kind)) held.push(effect.id)
          else carryOut(machine.resolve(effect.id, port(effect.request), NOW), isHeld)
        }
      }
      for (const message of [hello, want(0, 0)]) carryOut(machine.receive(message, NOW))
      carryOut(machine.recheck(NOW), (kind) => kind === 'entitlement')
      carryOut(machine.receive({ type: 'bye' }, NOW))
      carryOut(machine.resolve(held[0] ?? 0, [], NOW))
      assert.equal(isClosed, false)
      carryOut(machine.receive({ type: 'pay', channelId: word('4'), tick: word('5'), ticks: 1 }, NOW))
      assert.equal(isClosed, true)
    })

    it('asks every minute whether a grant is still honoured, and nothing about what is public', () => {
      let honoured = true
      const replica = drive({ grant: () => honoured, quote: () => ({ price: 0n, credit: 4n, owed: 0n, policy }) })
      const { identity: _identity, ...anonymous } = hello
      const grant = { peerId: 'p', wallet: zeroAddress, maxBytes: 1n, until: 0n, session: identity.session, signature }
      replica.receive({ ...anonymous, grant })
      replica.elapse(minute)
      assert.equal(replica.isClosed(), false)
      honoured = false
      replica.elapse(minute)
      assert.deepEqual([replica.denials(), replica.isClosed()], [['NOT_ENTITLED'], true])
      const stranger = drive()
      stranger.receive(anonymous)
      const { length } = stranger.asked
      for (let at = 0; at < 10; at += 1) stranger.carryOut(stranger.machine.tick(NOW + minute))
      assert.equal(stranger.asked.length, length)
    })

    it('refuses what waits when a part of the key is gone, and serves the rest', () => {
      let allowed = [{ first: 0, last: 9 }]
      const one = drive({ entitlement: () => allowed }, { holdSlices: true })
      one.receive(hello, want(0, 6))
      allowed = [{ first: 0, last: 4 }]
      one.carryOut(one.machine.recheck(NOW))
      assert.deepEqual(one.denials(), ['NOT_ENTITLED', 'NOT_ENTITLED'])
      for (let at = 0; at < 4; at += 1) one.carryOut(one.machine.resolve(one.held[at] ?? 0, undefined, NOW))
      assert.deepEqual(one.slices(), [0, 1, 2, 3, 4])
    })

    it('blames no client for asking for what was offered to it, but for asking again', () => {
      let allowed = [{ first: 0, last: 999 }]
      const one = drive({ entitlement: () => allowed }, { holdSlices: true })
      one.receive(hello, want(0, 3), want(50, 93))
      allowed = [{ first: 0, last: 49 }]
      one.carryOut(one.machine.recheck(NOW))
      one.receive(want(100, 140))
      assert.deepEqual(new Set(one.denials()), new Set(['NOT_ENTITLED']))
      assert.equal(one.denials().length, 44 + 41)
      one.receive(want(4, 4))
      one.carryOut(one.machine.resolve(one.held[0] ?? 0, undefined, NOW))
      assert.deepEqual(one.slices(), [0, 1, 2, 3, 4])
      one.receive(want(100, 100 + SERVER_LIMITS.strikes))
      assert.deepEqual([one.denials().at(-1), one.isClosed()], ['PROTOCOL_VIOLATION', true])
    })

    it('goes on for five minutes while the chain does not answer, and no longer', () => {
      let isDown = false
      const one = drive({
        sessionExpiry: () => {
          if (isDown) throw new SluiceError('RPC_UNREACHABLE', 'down')
          return SECONDS + 3600n
        },
      })
      one.receive(hello)
      isDown = true
      for (let at = 1; at < 5; at += 1) one.elapse(minute)
      assert.deepEqual([one.denials(), checks(one, 'sessionExpiry')], [[], 5])
      one.elapse(minute)
      one.pay(5)
      assert.deepEqual([one.denials(), one.isClosed()], [['RPC_UNREACHABLE'], true])
    })

    it('asks once more, and no more often, when the chain moved while it was asked', () => {
      const machine = createServerMachine(config, NOW)
      const open: { id: number; kind: string }[] = []
      const carryOut = (effects: ServerEffect[], hold: boolean): void => {
        for (const effect of effects) {
          if (effect.type !== 'ask') continue
          const port = answers[effect.kind] as (request: unknown) => unknown
          if (hold) open.push(effect)
          else carryOut(machine.resolve(effect.id, port(effect.request), NOW), hold)
        }
      }
      carryOut(machine.receive(hello, NOW), false)
      for (let times = 0; times < 3; times += 1) carryOut(machine.recheck(NOW), true)
      assert.deepEqual(
        open.map(({ kind }) => kind),
        ['sessionExpiry'],
      )
      carryOut(machine.resolve(open[0]?.id ?? 0, SECONDS + 3600n, NOW), true)
      carryOut(machine.resolve(open[1]?.id ?? 0, [{ first: 0, last: 9 }], NOW), true)
      assert.deepEqual(
        open.map(({ kind }) => kind),
        ['sessionExpiry', 'entitlement', 'sessionExpiry'],
      )
    })
  })
})
