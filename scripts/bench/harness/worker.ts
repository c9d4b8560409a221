import { fork } from 'node:child_process'
import { SLUICE_FLAGS } from '../../dev-network/nodes.ts'
import type { Bench } from './measurement.ts'
import type { Answer, Commands } from './answer.ts'

const STOP_MS = 5000

/** Another process, and what it can be asked. */
export type Worker<C extends Commands> = {
  readonly pid: number
  call<Name extends keyof C & string>(name: Name, ...input: Parameters<C[Name]>): ReturnType<C[Name]>
}

/**
 * Starts a module of `workers/` as a process that ends with the measurement, with the flags that `sluice` starts with. Every call rejects when the process is gone.
 * `BENCH_NODE_FLAGS` are flags for its Node, as in `BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=profiles"`.
 */
export function startWorker<C extends Commands>(
  bench: Bench,
  name: string,
  flags: readonly string[] = SLUICE_FLAGS,
): Worker<C> {
  const execArgv = [...flags, ...(process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')]
  const child = fork(new URL(`../workers/${name}.ts`, import.meta.url), { serialization: 'advanced', execArgv })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let calls = 0
  const ended = Promise.withResolvers<void>()
  child.on('message', (message) => {
    const { id, result, error } = message as Answer
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(`${name}: ${error}`))
  })
  child.once('error', (error) => failAll(error))
  // Not `close`: it stays away when the channel was let go first.
  child.once('exit', (code) => {
    failAll(new Error(`${name} ended with code ${code}`))
    ended.resolve()
  })
  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  bench.cleanup(async () => {
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended.promise
    clearTimeout(timer)
  })
  const call = (command: string, ...input: unknown[]): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>()
    calls += 1
    waiting.set(calls, answer)
    child.send({ id: calls, command, input }, (error) => error && answer.reject(error))
    return answer.promise
  }
  // Which command takes and gives what is checked against the worker's own type; here they are all alike.
  return { pid: child.pid ?? 0, call: call as unknown as Worker<C>['call'] }
}
