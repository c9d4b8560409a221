import type { Command } from 'commander'
import { createContext } from './context.ts'
import type { Context } from './context.ts'
import { createOutput } from './output.ts'
import type { Output } from './output.ts'

/** Output as the command line asked for it, whether `--json` stands before or after the command's name. */
export function outputOf(command: Command): Output {
  return createOutput({ json: command.optsWithGlobals()['json'] === true })
}

/** Wraps a runner that needs a running node: connects first, then hands over the parsed arguments and options. */
export function withNode<Args extends readonly unknown[]>(
  signal: AbortSignal,
  runner: (context: Context, ...args: Args) => Promise<void>,
): (...args: [...Args, Command]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const args = given.slice(0, -1) as unknown as Args
    await runner(await createContext(outputOf(command), signal), ...args)
  }
}
