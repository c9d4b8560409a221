import { runCommand } from './run-command.ts'

/** One command of a larger check. */
export type Step = {
  readonly name: string
  /** What `--only` may also call it by. */
  readonly group: string
  readonly command: readonly string[]
  /** The step that makes what this one reads; it does not start before that one passed. */
  readonly after?: string
}

/**
 * Runs steps, at most `width` at a time, each as soon as what it comes after has passed and otherwise in the order given.
 * Prints one line per step as it ends, and the whole output of those that fail.
 * @returns The names of the steps that failed, those included that never started because of one.
 */
export async function runSteps(steps: readonly Step[], width: number): Promise<string[]> {
  const failed: string[] = []
  const waiting = [...steps]
  const unfinished = new Set(steps.map((step) => step.name))
  const running = new Set<Promise<void>>()

  const finish = (step: Step, isPassed: boolean, line: string) => {
    unfinished.delete(step.name)
    if (!isPassed) failed.push(step.name)
    console.log(line)
  }
  const run = async (step: Step) => {
    const { exitCode, output, seconds } = await runCommand(step.command)
    const line = `${step.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`
    const said = output.trimEnd() === '' ? `exit code ${exitCode}, no output` : output.trimEnd()
    finish(step, exitCode === 0, exitCode === 0 ? `✔ ${line}` : `✖ ${line}\n${said}\n`)
  }

  while (unfinished.size > 0) {
    const next = waiting.findIndex(({ after }) => after === undefined || !unfinished.has(after))
    if (next !== -1 && running.size < width) {
      const [step] = waiting.splice(next, 1) as [Step]
      if (step.after !== undefined && failed.includes(step.after)) {
        finish(step, false, `✖ ${step.name.padEnd(12)} not run: ${step.after} failed`)
        continue
      }
      const ended = run(step).finally(() => running.delete(ended))
      running.add(ended)
    } else {
      await Promise.race(running)
    }
  }
  return failed
}
