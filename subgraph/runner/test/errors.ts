import { RunnerError } from '../src/errors.ts'
import type { RunnerErrorCode } from '../src/errors.ts'

/** For `assert.rejects` and `assert.throws`: an error of this code whose message matches. */
export function isRunnerError(code: RunnerErrorCode, message = /./): (error: unknown) => boolean {
  return (error) => error instanceof RunnerError && error.code === code && message.test(error.message)
}
