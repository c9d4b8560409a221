import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bound, formatAge, formatAmount, formatBytes, formatCount, formatSpan, shorten } from './format.ts'

describe('format', () => {
  it('shows sizes in binary units', () => {
    assert.equal(formatBytes(0), '0 B')
    assert.equal(formatBytes(1023), '1023 B')
    assert.equal(formatBytes(1536), '1.5 KiB')
    assert.equal(formatBytes(262_144), '256 KiB')
    assert.equal(formatBytes(5 * 1024 ** 4), '5.0 TiB')
    assert.equal(formatBytes(2048 * 1024 ** 4), '2048 TiB')
  })

  it('cuts an amount instead of rounding it up', () => {
    assert.equal(formatAmount(1_999_999n, 6, 'USDC'), '1.9999 USDC')
    assert.equal(formatAmount(10n ** 18n, 18, 'ETH'), '1 ETH')
    assert.equal(formatAmount(1_234_567n * 10n ** 18n, 18, 'ETH'), '1\u202f234\u202f567 ETH')
  })

  it('never shows something as nothing', () => {
    assert.equal(formatAmount(1n, 18, 'ETH'), '< 0.00000001 ETH')
    assert.equal(formatAmount(2_500_000_000_000n, 18, 'ETH'), '0.0000025 ETH')
    assert.equal(formatAmount(0n, 18, 'ETH'), '0 ETH')
  })

  it('shows spans in one unit', () => {
    assert.deepEqual([0, 59.9, 61, 3600, 7_300_000].map(formatSpan), ['0 s', '59 s', '1 min', '1 h', '2\u202f027 h'])
    assert.equal(formatSpan(-1), '0 s')
  })

  it('shows ages in one unit', () => {
    assert.equal(formatAge(100, 130), 'just now')
    assert.equal(formatAge(0, 300), '5 min ago')
    assert.equal(formatAge(0, 3 * 86_400), '3 d ago')
    assert.equal(formatAge(0, 800 * 86_400), '2 y ago')
  })

  it('counts in singular and plural', () => {
    assert.equal(formatCount(1, 'slice'), '1 slice')
    assert.equal(formatCount(0n, 'key'), '0 keys')
    assert.equal(formatCount(2, 'copy', 'copies'), '2 copies')
  })

  it('keeps the ends of a long identifier', () => {
    assert.equal(shorten('0x1234567890abcdef'), '0x1234…cdef')
    assert.equal(shorten('short'), 'short')
  })

  it('bounds hostile text without splitting a character', () => {
    assert.equal(bound('plain', 10), 'plain')
    assert.equal(bound('\u{1F600}'.repeat(5), 3), '\u{1F600}\u{1F600}…')
    assert.equal(bound('x'.repeat(1_000_000), 4), 'xxx…')
  })
})
