import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeFunctionData, hexToBytes, keccak256, pad, stringToHex, toHex } from 'viem'
import { titleSuffix } from '../../sdk/src/chain/title-suffix.ts'
import { metaHashRegistryAbi } from '../../sdk/src/chain/generated/meta-hash-registry.ts'
import { loadPureModule } from './pure-module.ts'

const { raise, titleOf, lineOf, handleText } = await loadPureModule()

const DAY = 86_400
const START = 1_800_000_000
const utf8 = (text: string) => new Uint8Array(Buffer.from(text))

describe('trending score', () => {
  type Happening = { readonly time: number; readonly doublings: number }
  /** In doublings, as the sum that it stands for. */
  const decode = (score: bigint): number => {
    const fraction = Number(score & (2n ** 30n - 1n)) / 2 ** 30
    return Number(score >> 30n) + Math.log2(1 + fraction)
  }
  const scoreOf = (happenings: readonly Happening[]) =>
    happenings.reduce((score, { time, doublings }) => raise(score, time, doublings), 0n)
  /** The same sum in floating point, relative to a fixed time so that it fits. */
  const exactly = (happenings: readonly Happening[]) =>
    Math.log2(happenings.reduce((sum, { time, doublings }) => sum + 2 ** (doublings + (time - START) / DAY), 0)) +
    START / DAY
  const happenings = fc.array(
    fc.record({ time: fc.integer({ min: START, max: START + 20 * DAY }), doublings: fc.integer({ min: 0, max: 3 }) }),
    { minLength: 1, maxLength: 60 },
  )

  it('is the sum of what happened, each twice as heavy as the same a day before, to within three seconds', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        assert.ok(Math.abs(decode(scoreOf(list)) - exactly(list)) < 3 / DAY)
      }),
    )
  })

  it('orders as the sums do, at any later time', () => {
    fc.assert(
      fc.property(happenings, happenings, (left, right) => {
        const difference = exactly(left) - exactly(right)
        fc.pre(Math.abs(difference) > 6 / DAY)
        assert.equal(scoreOf(left) > scoreOf(right), difference > 0)
      }),
    )
  })

  it('takes two views a day ago for one now, and one purchase for eight views', () => {
    // At midnight, where nothing is rounded.
    const midnight = 20_000 * DAY
    const yesterday = raise(raise(0n, midnight), midnight)
    assert.equal(yesterday, raise(0n, midnight + DAY))
    let eight = 0n
    for (let i = 0; i < 8; i++) eight = raise(eight, midnight)
    assert.equal(eight, raise(0n, midnight, 3))
  })

  it('never falls, whatever happens in whatever order, and fits in 64 bits until the year 9999', () => {
    const times = fc.array(fc.integer({ min: 0, max: 253_402_300_799 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(times, (list) => {
        let score = 0n
        for (const time of list) {
          const next = raise(score, time, 3)
          assert.ok(next >= score && next > 0n && next < 2n ** 63n)
          score = next
        }
      }),
    )
  })
})

describe('title of a version', () => {
  const metaHash = keccak256('0x01')
  const hash = hexToBytes(metaHash)
  const find = (hex: `0x${string}`) => titleOf(hexToBytes(hex), hash)
  const join = (...parts: readonly string[]) => `0x${parts.map((part) => part.replace('0x', '')).join('')}` as const
  const call = encodeFunctionData({
    abi: metaHashRegistryAbi,
    functionName: 'publish',
    args: [keccak256('0x02'), metaHash, keccak256('0x03'), 7, 0],
  })

  it('is found behind the arguments as the sdk writes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (title) => {
        fc.pre(!/\p{Cc}/u.test(title))
        assert.equal(find(join(call, titleSuffix(title, metaHash))), title)
      }),
    )
  })

  it('is found within the call of a smart account, among those of other versions', () => {
    const other = titleSuffix('another', keccak256('0x09'))
    const inner = join(call, other, titleSuffix('Zähes Licht 🌊', metaHash))
    assert.equal(find(join('0xdeadbeef', pad(toHex(inner.length)), inner, pad('0x00', { size: 96 }))), 'Zähes Licht 🌊')
  })

  it('is null without one, with an empty one, with one of another version, and with one that is cut off', () => {
    const suffix = titleSuffix('Slow light', metaHash)
    for (const input of [
      '0x',
      call,
      join(call, titleSuffix('', metaHash)),
      join(call, titleSuffix('Slow light', keccak256('0x09'))),
      join(call, suffix.slice(0, -2)),
      suffix.slice(0, 2 + 2 * 16),
    ] as const) {
      assert.equal(find(input as `0x${string}`), null)
    }
  })

  it('is null where its bytes are no text that a manifest could have', () => {
    const suffix = (text: Uint8Array) =>
      join(titleSuffix('', metaHash).slice(0, -2), toHex(text.length, { size: 1 }), Buffer.from(text).toString('hex'))
    assert.equal(find(suffix(utf8('fine'))), 'fine')
    for (const text of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0x61, 0x00]])
      assert.equal(find(suffix(Uint8Array.from(text))), null)
    assert.equal(find(suffix(utf8('safe\u202efdp.exe'))), null)
  })

  it('ends no index, whatever the input is', () => {
    const head = hexToBytes(titleSuffix('', metaHash))
    const tail = fc.uint8Array({ maxLength: 400 })
    fc.assert(
      fc.property(tail, fc.integer({ min: 0, max: 17 }), tail, (before, kept, after) => {
        const title = titleOf(Buffer.concat([before, head.subarray(0, kept), after]), hash)
        assert.ok(title === null || Buffer.byteLength(title) <= 255)
      }),
      { numRuns: 500 },
    )
  })
})

describe('lines of text out of bytes', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const hidden = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
  const expected = (bytes: Uint8Array): string | null => {
    try {
      const text = strict.decode(bytes)
      return hidden.test(text) ? null : text
    } catch {
      return null
    }
  }

  it('are what a strict decoder makes of them, and nothing that a manifest refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        assert.equal(lineOf(utf8(text)), expected(utf8(text)))
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        assert.equal(lineOf(bytes), expected(bytes))
      }),
      { numRuns: 5000 },
    )
  })

  it('agree with the strict decoder on every sequence at the edges of what UTF-8 allows', () => {
    const leads = [
      0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff,
    ]
    const nexts = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]
    for (const lead of leads) {
      for (const second of nexts) {
        for (const last of nexts) {
          for (const bytes of [[lead], [lead, second], [lead, second, last], [lead, second, last, 0x80]]) {
            const sequence = Uint8Array.from(bytes)
            assert.equal(lineOf(sequence), expected(sequence), bytes.join())
          }
        }
      }
    }
  })

  it('read a handle up to its end, of any length that the contract takes', () => {
    for (const handle of ['abc', 'a-handle-of-thirty_two-letters-0']) {
      assert.equal(handleText(hexToBytes(stringToHex(handle, { size: 32 }))), handle)
    }
  })
})
