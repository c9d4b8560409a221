import { stripVTControlCharacters } from 'node:util'

/** How a stage of tests ended. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: 0 }

export function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/** The one line that people and tools read: `12 passed, 0 failed`, and what was skipped if anything was. */
export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/**
 * A stage that broke without a failing test, or that ran no test at all, has one failure: the sum and the exit code then
 * say the same.
 */
export function settleCounts(counts: TestCounts, succeeded: boolean): TestCounts {
  if (counts.failed > 0) return counts
  return succeeded && counts.passed > 0 ? counts : { ...counts, failed: 1 }
}

/** Reads the summary that `hardhat test` prints: `12 passing (3 solidity, 9 nodejs)`, and so on, one per line. */
export function parseHardhatSummary(output: string): TestCounts {
  const lines = stripVTControlCharacters(output).split('\n')
  const count = (label: string): number => {
    const pattern = new RegExp(`^(\\d+) ${label} \\(`)
    const found = lines.map((line) => pattern.exec(line)?.[1]).findLast((value) => value !== undefined)
    return Number(found ?? 0)
  }
  return { passed: count('passing'), failed: count('failing'), skipped: count('skipped') + count('todo') }
}
