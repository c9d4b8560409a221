import { Command, CommanderError } from 'commander'
import { SluiceError } from '@sluice/sdk'
import { registerBuy } from './buy.ts'
import { registerChannels } from './channels.ts'
import { registerClaim } from './claim.ts'
import { registerDoctor } from './doctor.ts'
import { registerEarnings } from './earnings.ts'
import { registerExport } from './export.ts'
import { registerFeed } from './feed.ts'
import { registerGet } from './get.ts'
import { registerHold } from './hold.ts'
import { registerImport } from './import.ts'
import { registerInit } from './init.ts'
import { registerKeys } from './keys.ts'
import { createOutput, EXIT } from './output.ts'
import { registerLs } from './ls.ts'
import { registerOffers } from './offers.ts'
import { registerPeers } from './peers.ts'
import { registerPublish } from './publish.ts'
import { registerScrub } from './scrub.ts'
import { registerSearch } from './search.ts'
import { registerSeed } from './seed.ts'
import { registerSell } from './sell.ts'
import { registerStart } from './start.ts'
import { registerTransfer } from './transfer.ts'
import { registerUnsell } from './unsell.ts'
import { registerWithdraw } from './withdraw.ts'

const REGISTER = [
  registerInit,
  registerStart,
  registerFeed,
  registerSearch,
  registerPublish,
  registerOffers,
  registerBuy,
  registerGet,
  registerSeed,
  registerLs,
  registerHold,
  registerScrub,
  registerExport,
  registerImport,
  registerKeys,
  registerTransfer,
  registerSell,
  registerUnsell,
  registerChannels,
  registerClaim,
  registerEarnings,
  registerWithdraw,
  registerPeers,
  registerDoctor,
]

/** Runs one command line. Returns the exit code: 0 done, 1 failed, 2 bad usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const abort = new AbortController()
  const interrupt = () => abort.abort(new SluiceError('ABORTED', 'Interrupted.'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    await createProgram(abort.signal).parseAsync([...argv], { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    createOutput({ json: argv.includes('--json') }).failure(abort.signal.aborted ? abort.signal.reason : error)
    return EXIT.failed
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function createProgram(signal: AbortSignal): Command {
  const program = new Command('sluice')
    .description('Publish, buy, stream and seed paid content.')
    .option('--json', 'print one JSON object on standard output', false)
    .version('0.1.0')
    .showHelpAfterError('(sluice --help lists the commands)')
    .exitOverride()
  for (const register of REGISTER) register(program, signal)
  for (const command of program.commands)
    command.exitOverride().option('--json', 'print one JSON object on standard output')
  return program
}
