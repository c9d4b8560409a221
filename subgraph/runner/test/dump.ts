import { DatabaseSync } from 'node:sqlite'

/** Every row of every entity's table and every created data source of a store, in the order of their keys. */
export function dumpStore(path: string): Record<string, unknown[]> {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'entity_%' OR name = 'runner_data_sources')",
      )
      .all()
      .map(({ name }) => String(name))
    return Object.fromEntries(
      tables.sort().map((name) => {
        const statement = database.prepare(`SELECT * FROM "${name}" ORDER BY 1`)
        statement.setReadBigInts(true)
        return [name, statement.all().map((row) => ({ ...row }))]
      }),
    )
  } finally {
    database.close()
  }
}
