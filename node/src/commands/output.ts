import { SingleBar } from 'cli-progress'
import { isSluiceError } from '@sluice/sdk'
import { printable, printableJson } from './printable.ts'

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** One bar of progress; silent where nobody watches. */
export type Progress = { update(done: number, note?: string): void; stop(): void }

/** Where a command speaks: results on standard output, everything else on standard error. */
export type Output = {
  readonly json: boolean
  /** The command's one result: an object for programs, lines for people. */
  result(value: unknown, lines: readonly string[]): void
  /** A remark for people; not printed with `--json`. */
  note(line: string): void
  progress(label: string, total: number, unit: string): Progress
  failure(error: unknown): void
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined }

/**
 * Speaks to a terminal, or in JSON: one object on standard output, errors included. What strangers wrote is made
 * harmless here.
 */
export function createOutput(options: { json: boolean }): Output {
  const { json } = options
  return {
    json,
    result: (value, lines) =>
      process.stdout.write(json ? `${toJson(value)}\n` : lines.map((line) => `${printable(line)}\n`).join('')),
    note: (line) => {
      if (!json) process.stderr.write(`${printable(line)}\n`)
    },
    progress: (label, total, unit) => (json || !process.stderr.isTTY ? SILENT : terminalBar(label, total, unit)),
    failure: (error) => (json ? process.stdout.write(`${toJson({ error: describe(error) })}\n`) : printFailure(error)),
  }
}

function terminalBar(label: string, total: number, unit: string): Progress {
  const bar = new SingleBar({
    format: `${printable(label).padEnd(12)} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left {note}`,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  })
  bar.start(total, 0, { note: '' })
  return { update: (done, note = '') => bar.update(done, { note: printable(note) }), stop: () => bar.stop() }
}

function describe(error: unknown): { code: string; message: string; hint?: string } {
  if (!isSluiceError(error))
    return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
}

function printFailure(error: unknown): void {
  const { code, message, hint } = describe(error)
  process.stderr.write(`sluice: ${printable(message)} (${code})\n${hint === undefined ? '' : `  ${printable(hint)}\n`}`)
}

function toJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item))
  return printableJson(json)
}
