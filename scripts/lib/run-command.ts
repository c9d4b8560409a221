import { spawn } from 'node:child_process'
import { ROOT } from './paths.ts'

/** What a command left behind; `output` is standard output and standard error in the order they came. */
export type CommandResult = { readonly exitCode: number; readonly output: string; readonly seconds: number }

/**
 * Runs a command, at the repository's root by default. Programs of `node_modules/.bin` are found by name, as under `npm run`.
 * Never throws for a failing command: a command that cannot be started has exit code 127.
 */
export async function runCommand(command: readonly string[], options: runCommand.Options = {}): Promise<CommandResult> {
  const [program = '', ...args] = command
  const started = performance.now()
  const chunks: string[] = []
  const keep = (text: string) => {
    chunks.push(text)
    options.onOutput?.(text)
  }
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
  })
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const exitCode = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      keep(`${program}: ${error.message}\n`)
      resolve(127)
    })
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
  return { exitCode, output: chunks.join(''), seconds: (performance.now() - started) / 1000 }
}

export declare namespace runCommand {
  type Options = {
    /** Sees the output as it comes. */
    onOutput?: (text: string) => void
    /** The repository's root by default. */
    cwd?: string
    env?: Record<string, string>
    signal?: AbortSignal
  }
}
