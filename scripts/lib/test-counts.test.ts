import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatCounts, parseHardhatSummary, settleCounts } from './test-counts.ts'

describe('test counts', () => {
  it('reads the summary of hardhat test, coloured or not', () => {
    const output =
      'Running\n\n\u001b[32m14 passing\u001b[39m (4 solidity, 10 nodejs)\n2 failing (2 nodejs)\n1 skipped (1 nodejs)\n'
    assert.deepEqual(parseHardhatSummary(output), { passed: 14, failed: 2, skipped: 1 })
  })

  it('finds nothing where hardhat stopped before its tests', () => {
    assert.deepEqual(parseHardhatSummary('Compilation failed'), { passed: 0, failed: 0, skipped: 0 })
  })

  it('counts a stage without tests, and one that broke, as a failure', () => {
    assert.equal(settleCounts({ passed: 0, failed: 0, skipped: 3 }, true).failed, 1)
    assert.equal(settleCounts({ passed: 5, failed: 0, skipped: 0 }, false).failed, 1)
    assert.equal(settleCounts({ passed: 5, failed: 2, skipped: 0 }, false).failed, 2)
    assert.equal(settleCounts({ passed: 5, failed: 0, skipped: 0 }, true).failed, 0)
  })

  it('names skipped tests only if there are some', () => {
    assert.equal(formatCounts({ passed: 5, failed: 0, skipped: 0 }), '5 passed, 0 failed')
    assert.equal(formatCounts({ passed: 5, failed: 1, skipped: 2 }), '5 passed, 1 failed, 2 skipped')
  })
})
