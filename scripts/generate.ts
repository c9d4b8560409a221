/**
 * Writes every file that is generated and committed. With `--check` it writes nothing and exits 1 when one is stale; with
 * `--gas` it measures the gas snapshot anew, which a test compares.
 */
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'

const GENERATORS = [
  'scripts/generate-abis.ts',
  'scripts/generate-wire.ts',
  'scripts/generate-subgraph.ts',
  'scripts/generate-gas-page.ts',
]

/** Exits 1 when a limit is passed; the snapshot is written all the same, so that the new numbers can be seen. */
const MEASURE_GAS = ['hardhat', 'test', 'nodejs', 'test/contracts/gas.test.ts']

async function run(command: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const { exitCode } = await runCommand(command, { onOutput: (text) => process.stderr.write(text), env })
  if (exitCode !== 0) process.exitCode = 1
}

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, gas: { type: 'boolean', default: false } },
})
prepareEnvironment()
if (values.gas) await run(MEASURE_GAS, { UPDATE_GAS: '1' })
for (const generator of GENERATORS) await run([process.execPath, generator, ...(values.check ? ['--check'] : [])])
