/**
 * Writes every file that is generated and committed. With `--check` it writes nothing and exits 1 when one is stale.
 */
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'

const GENERATORS = ['scripts/generate-abis.ts', 'scripts/generate-wire.ts']

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
prepareEnvironment()
for (const generator of GENERATORS) {
  const { exitCode } = await runCommand([process.execPath, generator, ...(values.check ? ['--check'] : [])], {
    onOutput: (text) => process.stderr.write(text),
  })
  if (exitCode !== 0) process.exitCode = 1
}
