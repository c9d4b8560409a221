import { runCommand } from './run-command.ts'

/** One command of a larger check. */
export type Step = {
  readonly name: string
  /** What `--only` may also call it by. */
  readonly group: string
  readonly command: readonly string[]
}

/**
 * Runs steps, at most `width` at a time, in the order given. Prints one line per step as it ends, and the whole output of
 * those that fail.
 * @returns The names of the steps that failed.
 */
export async function runSteps(steps: readonly Step[], width: number): Promise<string[]> {
  const failed: string[] = []
  const queue = [...steps]
  const worker = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const { exitCode, output, seconds } = await runCommand(step.command)
      const mark = exitCode === 0 ? '✔' : '✖'
      console.log(`${mark} ${step.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`)
      if (exitCode === 0) continue
      failed.push(step.name)
      console.log(output.trimEnd() === '' ? `exit code ${exitCode}, no output\n` : `${output.trimEnd()}\n`)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return failed
}
