import assert from 'node:assert/strict'
import { CID } from 'multiformats/cid'
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../../sdk/src/errors.ts'
import type { Ports } from '../../sdk/src/exchange/asks.ts'
import { createServerMachine } from '../../sdk/src/exchange/server-machine.ts'
import type { ServerAsks, ServerEffect } from '../../sdk/src/exchange/server-types.ts'
import type { Frame, HelloMessage } from '../../sdk/src/wire/index.ts'

export const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const CHALLENGE = word('c')
export const NOW = 1_700_000_000_000
export const SECONDS = BigInt(NOW / 1000)
const root = CID.parse('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
export const signature = { r: word('1'), s: word('1') }
export const identity = { wallet: zeroAddress, session: { qx: word('2'), qy: word('3') }, signature }
export const hello: HelloMessage = {
  type: 'hello',
  challenge: CHALLENGE,
  serverPeerId: 'server',
  clientId: '0x01',
  root,
  chainId: 1n,
  expiry: SECONDS + 60n,
  identity,
}
export const config = {
  peerId: 'server',
  domain: { chainId: 1, channels: zeroAddress },
  challenge: CHALLENGE,
  termsLifetime: 3600n,
}
export const policy = { payee: zeroAddress, token: zeroAddress, minChannel: 0n, minChallenge: 0, minDeadline: 0n }

/** Says yes to everything; the bytes of a slice are its index. */
export const answers: Ports<ServerAsks> = {
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
export function drive(overrides: Partial<Ports<ServerAsks>> = {}, options: { holdSlices?: boolean } = {}) {
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

export const want = (first: number, last: number, priority = 0): Frame => {
  return { type: 'want', termsId: 1, ranges: [{ first, last }], priority }
}
