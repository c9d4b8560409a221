import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import {
  answers,
  config,
  drive,
  hello,
  identity,
  NOW,
  policy,
  SECONDS,
  signature,
  want,
  word,
} from '../../../test/exchange/drive-server.ts'
import { SluiceError } from '../errors.ts'
import { createServerMachine } from './server-machine.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { ServerEffect } from './server-types.ts'

describe('server machine', () => {
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
