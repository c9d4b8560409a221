import type { Result } from './measurement.ts'

const HEAD = ['name', 'value', 'unit', 'peer', 'ratio'] as const
/** Columns of numbers, which line up on the right. */
const NUMERIC: ReadonlySet<number> = new Set([1, 4])

/** Results as lines of a table. */
export function formatTable(results: readonly Result[]): string[] {
  const rows = [[...HEAD], ...results.map(toRow)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
}

function toRow({ name, value, unit, peer, ratio }: Result): string[] {
  return [name, formatNumber(value), unit, peer ?? '', ratio === undefined ? '' : ratio.toFixed(2)]
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return value.toFixed(0)
  return value.toPrecision(3)
}

function pad(cell: string, width: number, column: number): string {
  return NUMERIC.has(column) ? cell.padStart(width) : cell.padEnd(width)
}
