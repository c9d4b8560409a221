import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { ERROR_CODES, isSluiceError } from '../errors.ts'
import { decodeFrame, encodeFrame } from './index.ts'
import type { Frame } from './index.ts'

const hex = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => bytesToHex(value))
const word = hex(32)
const address = hex(20)
const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const uint32 = fc.nat({ max: 0xffffffff })
const index = fc.nat({ max: 2_097_151 })
const signature = fc.record({ r: word, s: word })
const session = fc.record({ qx: word, qy: word })
const code = fc.constantFrom(...ERROR_CODES)
const root = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((digest) => CID.createV1(0x70, createDigest(0x12, digest)))
const ranges = fc.array(
  fc.tuple(index, index).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
  { maxLength: 64 },
)
const ticks = fc.nat({ max: 1024 })

const identity = fc.record({ wallet: address, session, signature })
const grant = fc.record({ peerId: fc.string(), wallet: address, maxBytes: uint64, until: uint64, session, signature })
const hello = fc.record(
  {
    type: fc.constant('hello' as const),
    challenge: word,
    serverPeerId: fc.string(),
    clientId: hex(38),
    root,
    chainId: uint64,
    expiry: uint64,
    identity,
    grant,
  },
  { requiredKeys: ['type', 'challenge', 'serverPeerId', 'clientId', 'root', 'chainId', 'expiry'] },
)
const terms = fc.nat({ max: 2000 }).chain((sliceCount) =>
  fc.record(
    {
      type: fc.constant('terms' as const),
      termsId: uint32,
      price: amount,
      token: address,
      payee: address,
      credit: amount,
      minChannel: amount,
      challenge: fc.nat({ max: 0xffffff }),
      expiry: uint64,
      sliceCount: fc.constant(sliceCount),
      has: fc.uint8Array({ minLength: Math.ceil(sliceCount / 8), maxLength: Math.ceil(sliceCount / 8) }),
      owed: amount,
      channel: fc.record({ channelId: word, deposit: amount, accepted: amount }),
      signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    },
    {
      requiredKeys: [
        ...(['type', 'termsId', 'price', 'token', 'payee', 'credit', 'minChannel', 'challenge', 'expiry'] as const),
        ...(['sliceCount', 'has', 'owed', 'signature'] as const),
      ],
    },
  ),
)
const pay = fc
  .tuple(word, fc.option(fc.tuple(amount, word, amount, ticks, signature)), word, ticks)
  .map(([channelId, voucher, tick, revealed]): Frame => {
    const payment = { type: 'pay', channelId, tick, ticks: revealed } as const
    if (voucher === null) return payment
    const [cumulative, tickRoot, tickValue, maxTicks, by] = voucher
    return { ...payment, signed: { voucher: { channelId, cumulative, tickRoot, tickValue, maxTicks }, signature: by } }
  })
const intent = fc.record({
  payer: address,
  payee: address,
  token: address,
  amount,
  challenge: fc.nat({ max: 0xffffff }),
  session,
  salt: word,
  deadline: uint64,
})

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant('challenge' as const), nonce: word }),
  hello,
  terms,
  fc.record(
    { type: fc.constant('denied' as const), code, message: fc.string(), index, channelId: word },
    { requiredKeys: ['type', 'code', 'message'] },
  ),
  fc.record({ type: fc.constant('open' as const), intent, signature }),
  fc.record({ type: fc.constant('opened' as const), channelId: word, deposit: amount }),
  fc.record({
    type: fc.constant('topUp' as const),
    order: fc.record({ channelId: word, newDeposit: amount, deadline: uint64 }),
    signature,
  }),
  fc.record({ type: fc.constant('want' as const), termsId: uint32, ranges, priority: uint32 }),
  fc.record({ type: fc.constant('cancel' as const), ranges }),
  fc.record(
    {
      type: fc.constant('slice' as const),
      index,
      data: fc.uint8Array({ maxLength: 5000 }),
      free: fc.constant(true as const),
    },
    { requiredKeys: ['type', 'index', 'data'] },
  ),
  pay,
  fc.record({ type: fc.constant('paid' as const), channelId: word, total: amount }),
  fc.record({ type: fc.constant('bye' as const), code }, { requiredKeys: ['type'] }),
)

/** CIDs cache their text once it is asked for, and fast-check's records have no prototype. */
const comparable = (value: Frame): unknown =>
  structuredClone(value.type === 'hello' ? { ...value, root: value.root.toString() } : value)

describe('wire', () => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(frame, (value) => {
        assert.deepEqual(comparable(decodeFrame(encodeFrame(value))), comparable(value))
      }),
      { numRuns: 500 },
    )
  })

  it('answers random bytes with FRAME_INVALID or a frame, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => onlyInvalid(bytes)),
      { numRuns: 1000 },
    )
  })

  it('answers a damaged frame with FRAME_INVALID or a frame, nothing else', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (value, at, byte, cut) => {
        const bytes = encodeFrame(value).slice()
        if (bytes.length > 0) bytes[at % bytes.length] = byte
        onlyInvalid(bytes.subarray(0, bytes.length - (cut % 3)))
      }),
      { numRuns: 1000 },
    )
  })

  it('reads a slice as a view of the frame', () => {
    const bytes = encodeFrame({ type: 'slice', index: 7, data: new Uint8Array(262_144).fill(3) })
    const decoded = decodeFrame(bytes)
    assert.ok(decoded.type === 'slice')
    assert.equal(decoded.data.buffer, bytes.buffer)
  })

  it('refuses a slice longer than a slice, a range that runs backwards and a voucher of too many ticks', () => {
    const voucher = { channelId: zero(32), cumulative: 0n, tickRoot: zero(32), tickValue: 1n, maxTicks: 1025 }
    const by = { r: zero(32), s: zero(32) }
    const refused: Frame[] = [
      { type: 'slice', index: 0, data: new Uint8Array(262_145) },
      { type: 'want', termsId: 1, ranges: [{ first: 2, last: 1 }], priority: 0 },
      { type: 'want', termsId: 1, ranges: Array.from({ length: 65 }, () => ({ first: 0, last: 0 })), priority: 0 },
      { type: 'pay', channelId: zero(32), signed: { voucher, signature: by }, tick: zero(32), ticks: 0 },
    ]
    for (const value of refused) {
      assert.throws(
        () => decodeFrame(encodeFrame(value)),
        (error) => isSluiceError(error, 'FRAME_INVALID'),
      )
    }
  })
})

function onlyInvalid(bytes: Uint8Array): void {
  try {
    decodeFrame(bytes)
  } catch (error) {
    assert.ok(isSluiceError(error, 'FRAME_INVALID'), String(error))
  }
}

function zero(bytes: number): Hex {
  return bytesToHex(new Uint8Array(bytes))
}
