import { destination, pino } from 'pino'
import type { Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type Log = Logger

/** Field names that never reach a log line, whatever object they sit in. */
const SECRETS = [
  'authorization',
  'contentKey',
  'key',
  'mnemonic',
  'operatorKey',
  'passphrase',
  'password',
  'payload',
  'privateKey',
  'secret',
  'seed',
  'share',
  'signature',
  'tick',
  'token',
]

/** JSON lines on standard error, so that standard output stays a command's result. */
export function createLog(options: { readonly name: string; readonly level: LogLevel }): Log {
  return pino(
    {
      level: options.level,
      base: { node: options.name },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      serializers: { err: describeError },
    },
    destination({ dest: 2, sync: false }),
  )
}

/** An error as fields: RPC errors print whole requests otherwise, calldata and URLs included. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 300) }
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause instanceof Error ? { cause: firstLine(error.cause.message) } : {}
  return { type: error.name, message: firstLine(error.message), ...code, ...cause, stack: frames(error.stack) }
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 300)
}

function frames(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .join('\n')
}
