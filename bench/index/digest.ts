import { createHash } from 'node:crypto'

/** A row's fields by their names; bytes as 0x hex or as they are. */
export type Row = Readonly<Record<string, unknown>>

/** What all rows of an entity come to, in whatever order they come. */
export type Digest = {
  readonly rows: number
  /** Of every field that holds numbers, in decimal. */
  readonly sums: Readonly<Record<string, string>>
  /** SHA-256 of all rows, sorted. */
  readonly sha256: string
}

/** Two indexers have written the same if the digests of all their entities are the same. */
export function digestOf(rows: Iterable<Row>): Digest {
  const texts: string[] = []
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const names = Object.keys(row).sort()
    texts.push(JSON.stringify(names.map((name) => [name, plain(row[name])])))
    for (const name of names) {
      const value = row[name]
      if (typeof value === 'bigint' || typeof value === 'number') sums.set(name, (sums.get(name) ?? 0n) + BigInt(value))
    }
  }
  const hash = createHash('sha256')
  for (const text of texts.sort()) hash.update(`${text}\n`)
  const decimals = Object.fromEntries([...sums].map(([name, sum]) => [name, String(sum)]))
  return { rows: texts.length, sums: decimals, sha256: hash.digest('hex') }
}

/** Numbers of all widths alike, bytes and hex alike. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  return Array.isArray(value) ? value.map(plain) : value
}
