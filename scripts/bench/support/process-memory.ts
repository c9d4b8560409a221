import { readFile, writeFile } from 'node:fs/promises'

/** Resets the peak that {@link peakMemory} reads; see proc_pid_clear_refs(5). */
const RESET_PEAK = '5'

/** Bytes of a process that are in memory now. */
export async function residentMemory(pid: number): Promise<number> {
  return readStatus(pid, 'VmRSS')
}

/** Starts watching a process; `growth` gives the bytes by which its peak has passed what it had then. */
export async function watchMemory(pid: number): Promise<{ growth(): Promise<number> }> {
  await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK)
  const idle = await residentMemory(pid)
  return { growth: async () => (await readStatus(pid, 'VmHWM')) - idle }
}

async function readStatus(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  if (process.platform !== 'linux') throw new Error('memory is measured on Linux only, through /proc')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`process ${pid} has no ${field}`)
  return Number(kilobytes) * 1024
}
