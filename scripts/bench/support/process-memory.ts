import { readFile, writeFile } from 'node:fs/promises'

/** Resets the peak that {@link peakMemory} reads; see proc_pid_clear_refs(5). */
const RESET_PEAK = '5'

/** Bytes of a process that are in memory now. */
export async function residentMemory(pid: number): Promise<number> {
  return readStatus(pid, 'VmRSS')
}

/**
 * The most bytes of a process that were in memory since it started, or since {@link watchMemory}
 * forgot what was before.
 */
export async function peakMemory(pid: number): Promise<number> {
  return readStatus(pid, 'VmHWM')
}

/** What a process takes now, and from here on its peak and the bytes by which that passes what it takes now. */
export async function watchMemory(pid: number) {
  const idle = await residentMemory(pid)
  const reset = (): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK)
  await reset()
  return {
    growth: async (): Promise<number> => (await peakMemory(pid)) - idle,
    peak: (): Promise<number> => peakMemory(pid),
    /** Forgets the peak so far, and keeps what counts as idle. */
    reset,
  }
}

async function readStatus(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  if (process.platform !== 'linux') throw new Error('memory is measured on Linux only, through /proc')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} has no ${field}`)
  return Number(kilobytes) * 1024
}
