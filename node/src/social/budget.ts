import type { DatabaseSync } from 'node:sqlite'

const DAY_MS = 86_400_000
const NAME = 'social.spent'

/** What a node may still spend today (UTC) on others' actions, in wei; remembered across restarts. */
export function createBudget(database: DatabaseSync, perDay: bigint, now: () => number = Date.now) {
  const select = database.prepare('SELECT value FROM settings WHERE name = ?')
  const upsert = database.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  const today = (): string => String(Math.floor(now() / DAY_MS))

  function spent(): bigint {
    const value = select.get(NAME)?.['value']
    const [day, amount] = typeof value === 'string' ? value.split(':') : []
    return day === today() && amount !== undefined ? BigInt(amount) : 0n
  }

  return {
    left: (): bigint => (perDay > spent() ? perDay - spent() : 0n),
    /** Takes, or with a negative amount gives back. */
    take(amount: bigint): void {
      const total = spent() + amount
      upsert.run(NAME, `${today()}:${total > 0n ? total : 0n}`)
    },
  }
}

export type Budget = ReturnType<typeof createBudget>
