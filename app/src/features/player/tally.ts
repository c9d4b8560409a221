/** One source of a content, and what it got for what it gave; `rate` in bytes per second. */
export type SourceReport = {
  readonly peerId: string
  readonly slices: number
  readonly paid: bigint
  readonly rate: number
}

/** What one stream has fetched and paid so far; the totals of several are a tally. */
export type TransferReport = {
  readonly slices: number
  readonly bytes: number
  readonly paid: bigint
  readonly sources: readonly SourceReport[]
}

export const NOTHING: TransferReport = { slices: 0, bytes: 0, paid: 0n, sources: [] }

/**
 * Adds up the reports of streams: each seek opens another, every report replaces its stream's last. A source's rate is
 * what its newest stream measured; streams that have ended contribute nothing to it.
 */
export function addReports(reports: Iterable<TransferReport>): TransferReport {
  const sources = new Map<string, SourceReport>()
  let [slices, bytes, paid] = [0, 0, 0n]
  for (const report of reports) {
    slices += report.slices
    bytes += report.bytes
    paid += report.paid
    for (const source of report.sources) {
      const known = sources.get(source.peerId)
      sources.set(source.peerId, {
        ...source,
        slices: source.slices + (known?.slices ?? 0),
        paid: source.paid + (known?.paid ?? 0n),
      })
    }
  }
  return { slices, bytes, paid, sources: [...sources.values()].toSorted((a, b) => b.slices - a.slices) }
}
