import { readFileSync, writeFileSync } from 'node:fs'
import type { GasTable } from './meter.ts'

const FILE = new URL('../../gas.snapshot.json', import.meta.url)

/** The committed numbers. */
export function readSnapshot(): GasTable {
  return JSON.parse(readFileSync(FILE, 'utf8')) as GasTable
}

export function writeSnapshot(table: GasTable): void {
  writeFileSync(FILE, `${JSON.stringify(table, null, 2)}\n`)
}

/** One line for each number that differs, as in `open: 74,944 → 75,100 (+156)`. */
export function compareGas(before: GasTable, now: GasTable): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...names].flatMap((name) => {
    const [old, fresh] = [before[name], now[name]]
    if (old === fresh) return []
    if (old === undefined || fresh === undefined) return [`${name}: ${show(old)} → ${show(fresh)}`]
    return [`${name}: ${show(old)} → ${show(fresh)} (${fresh > old ? '+' : ''}${show(fresh - old)})`]
  })
}

function show(gas: number | undefined): string {
  return gas?.toLocaleString('en-US') ?? 'none'
}
