import type { ChildProcess } from 'node:child_process'

const STOP_TIMEOUT_MS = 10_000

/** Asks a process to end, and ends it when it does not. */
export async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}
