import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import {
  formatAmount,
  formatBytes,
  isContentId,
  parseAddress,
  parseAmount,
  parseBigInt,
  parseInteger,
} from './format.ts'

const isBadInput = (error: unknown): boolean => isSluiceError(error, 'BAD_INPUT')

describe('what the command line reads and writes', () => {
  it('writes sizes with the largest unit that leaves a whole', () => {
    assert.equal(formatBytes(0), '0 B')
    assert.equal(formatBytes(1023), '1023 B')
    assert.equal(formatBytes(1536), '1.5 KiB')
    assert.equal(formatBytes(5 * 1024 ** 3), '5.0 GiB')
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
