import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import {
  formatAmount,
  formatBytes,
  formatTime,
  formatTokenAmount,
  isContentId,
  parseAddress,
  parseAmount,
  parseBigInt,
  parseContentId,
  parseInteger,
  parseTokenAmount,
} from './format.ts'

const isBadInput = (error: unknown): boolean => isSluiceError(error, 'BAD_INPUT')

describe('what the command line reads and writes', () => {
  it('writes sizes with the largest unit that leaves a whole', () => {
    assert.equal(formatBytes(0), '0 B')
    assert.equal(formatBytes(1023), '1023 B')
    assert.equal(formatBytes(1536), '1.5 KiB')
    assert.equal(formatBytes(5 * 1024 ** 3), '5.0 GiB')
  })

  it('writes the chain’s coin in its unit, and of other tokens only what is certain', () => {
    assert.equal(formatTokenAmount(10n ** 16n, `0x${'00'.repeat(20)}`), '0.01 ETH')
    assert.equal(formatTokenAmount(5n, `0x${'ee'.repeat(20)}`), `5 base units of 0x${'ee'.repeat(20)}`)
  })

  it('writes times in UTC, and such as no calendar has as never', () => {
    assert.equal(formatTime(1_700_000_000n), '2023-11-14T22:13:20.000Z')
    assert.equal(formatTime(2n ** 64n - 1n), 'never')
  })

  it('takes 32 bytes for a content id, and nothing else', () => {
    const id = `0x${'ab'.repeat(32)}`
    assert.equal(parseContentId(id), id)
    for (const text of ['', '0x', id.slice(0, -1), `${id}00`, 'bafy'])
      assert.throws(() => parseContentId(text), isBadInput)
  })

  it('reads back every amount that it writes', () => {
    for (const amount of [0n, 1n, 10n ** 18n, 123_456_789_012_345_678n]) {
      const [text = ''] = formatAmount(amount).split(' ')
      assert.equal(parseAmount(text, '--price'), amount)
    }
  })

  it('refuses amounts that are not decimal or too fine', () => {
    for (const text of ['', '-1', '1e3', '0x10', '1,5', '.5', '0.0000000000000000001', '9'.repeat(31)]) {
      assert.throws(() => parseAmount(text, '--price'), isBadInput, text)
    }
  })

  it('takes amounts of other tokens in base units alone, as it writes them', () => {
    const token = `0x${'ee'.repeat(20)}` as const
    assert.equal(parseTokenAmount('5', '--max-price', token), 5n)
    assert.equal(parseTokenAmount('5', '--max-price', `0x${'00'.repeat(20)}`), 5n * 10n ** 18n)
    for (const text of ['0.01', '5.0', '-5', '5 ', '']) {
      assert.throws(() => parseTokenAmount(text, '--max-price', token), /whole number of base units of 0xee/, text)
    }
  })

  it('refuses numbers outside their bounds and names the option', () => {
    assert.equal(parseInteger('7', '--threshold', 1, 7), 7)
    for (const text of ['0', '8', '1.5', '-1', 'x', '']) {
      assert.throws(() => parseInteger(text, '--threshold', 1, 7), /--threshold must be a whole number from 1 to 7/)
    }
  })

  it('takes edition ids in decimal and in hex', () => {
    assert.equal(parseBigInt('255', '--edition'), parseBigInt('0xff', '--edition'))
    assert.throws(() => parseBigInt('ff', '--edition'), isBadInput)
  })

  it('tells content ids and addresses from anything else', () => {
    assert.equal(isContentId(`0x${'a'.repeat(64)}`), true)
    assert.equal(isContentId(`0x${'a'.repeat(63)}`), false)
    assert.throws(() => parseAddress('0x1234', 'The new holder'), isBadInput)
  })
})
