import { runCommand } from './run-command.ts'
import { parseHardhatSummary, settleCounts } from './test-counts.ts'
import type { TestCounts } from './test-counts.ts'

/** A run that takes longer hangs. */
const TIMEOUT_MS = 8 * 60_000

/** Runs the Solidity and TypeScript tests of the contracts with `hardhat test`. */
export async function runHardhatTests(onOutput: (text: string) => void): Promise<TestCounts> {
  const { exitCode, output } = await runCommand(['hardhat', 'test'], {
    onOutput,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return settleCounts(parseHardhatSummary(output), exitCode === 0)
}
