/**
 * Writes every file that is generated and committed. With `--check` it writes nothing and exits 1 when one is stale; with
 * `--gas` it measures the gas snapshot anew, which a test compares.
 */
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'

const GENERATORS = ['scripts/generate-abis.ts', 'scripts/generate-wire.ts']

/** Exits 1 when a limit is passed; the snapshot is written all the same, so that the new numbers can be seen. */
const GAS = ['hardhat', 'test', 'nodejs', 'test/contracts/gas.test.ts']

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, gas: { type: 'boolean', default: false } },
})
prepareEnvironment()
if (values.gas) {
  const onOutput = (text: string) => process.stderr.write(text)
  const { exitCode } = await runCommand(GAS, { onOutput, env: { UPDATE_GAS: '1' } })
  process.exit(exitCode)
}
for (const generator of GENERATORS) {
  const { exitCode } = await runCommand([process.execPath, generator, ...(values.check ? ['--check'] : [])], {
    onOutput: (text) => process.stderr.write(text),
  })
  if (exitCode !== 0) process.exitCode = 1
}
