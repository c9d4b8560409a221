import { linesOf } from './read-coverage.ts'
import type { Goal } from './read-coverage.ts'

/** A tracefile as geninfo(1) describes it, for editors and reports. */
export function formatLcov(files: ReadonlyMap<string, readonly Goal[]>): string {
  return [...files].map(([file, goals]) => formatFile(file, goals)).join('')
}

function formatFile(file: string, goals: readonly Goal[]): string {
  const lines = linesOf(goals)
  const branches = goals.filter(({ kind }) => kind === 'branch')
  const rows = [
    `SF:${file}`,
    ...branches.map(({ line, hit }, at) => `BRDA:${line},${Math.floor(at / 2)},${at % 2},${hit ? 1 : 0}`),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ hit }) => hit).length}`,
    ...[...lines].map(([line, hit]) => `DA:${line},${hit ? 1 : 0}`),
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((hit) => hit).length}`,
    'end_of_record',
  ]
  return `TN:\n${rows.join('\n')}\n`
}
