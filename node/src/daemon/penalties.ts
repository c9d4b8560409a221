import type { DatabaseSync } from 'node:sqlite'
import { createPenaltyBook, parsePenalties } from '@sluice/sdk/client'
import type { PenaltyBook } from '@sluice/sdk/client'

const SETTING = 'penalties'

/** The node's book of what its sources did, kept in `node.db`: a restart forgives nobody. */
export function openPenaltyBook(database: DatabaseSync, clock: () => number = Date.now): PenaltyBook {
  const read = database.prepare('SELECT value FROM settings WHERE name = ?')
  const write = database.prepare(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  return createPenaltyBook({
    clock,
    store: {
      load: () => parsePenalties(parseJson(read.get(SETTING)?.['value'])),
      save: (penalties) => void write.run(SETTING, JSON.stringify([...penalties])),
    },
  })
}

function parseJson(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : undefined
  } catch {
    return undefined
  }
}
