/**
 * Where the processes of a bench spent their time: `node scripts/bench/summarise-profiles.ts DIRECTORY` reads the profiles that
 * `--cpu-prof` left and prints, for each, the functions with most time of their own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Node = {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}
type Profile = {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const MOST = 15
const IDLE = new Set(['(idle)', '(program)', '(root)'])

const [, , directory] = process.argv
if (directory === undefined) throw new TypeError('node scripts/bench/summarise-profiles.ts DIRECTORY')
for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
  console.log(summarise(file, JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile).join('\n'))
}

function summarise(file: string, { nodes, samples, timeDeltas }: Profile): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  for (const [at, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)'
    if (!IDLE.has(name)) times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0))
  }
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0)
  const rows = [...times].toSorted(([, a], [, b]) => b - a).slice(0, MOST)
  return [
    `${file}: busy for ${(busy / 1e6).toFixed(1)} s`,
    ...rows.map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(6)} %  ${name}`),
    '',
  ]
}

function nameOf({ functionName, url, lineNumber }: Node['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const place = url.replace(/^file:\/\/.*?\/(node_modules|node|sdk|scripts|bench)\//, '$1/')
  return `${name} ${place}:${lineNumber + 1}`
}
