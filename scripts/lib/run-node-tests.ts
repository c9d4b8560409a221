import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { NO_TESTS, settleCounts } from './test-counts.ts'
import type { TestCounts } from './test-counts.ts'

/** Runs test files with Node's own runner, one process per file, and reports as `node --test` does. */
export async function runNodeTests(files: readonly string[], options: runNodeTests.Options): Promise<TestCounts> {
  if (files.length === 0) return settleCounts(NO_TESTS, true)
  let counts = NO_TESTS
  let succeeded = true
  const events = run({ files: [...files], concurrency: options.concurrency, timeout: options.timeoutMs })
  events.on('test:summary', (summary) => {
    // Each file has a summary of its own; the one without a file is the total.
    if (summary.file !== undefined) return
    const { tests, passed, skipped, todo } = summary.counts
    counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo }
    succeeded = summary.success
  })
  for await (const text of events.compose(new spec())) options.onOutput(String(text))
  return settleCounts(counts, succeeded)
}

export declare namespace runNodeTests {
  type Options = {
    concurrency: number
    /** A test, and a file, that takes longer hangs: it fails, and the others go on. */
    timeoutMs: number
    onOutput: (text: string) => void
  }
}
