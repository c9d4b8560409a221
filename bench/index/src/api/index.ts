import { Hono } from 'hono'
import { db } from 'ponder:api'
import type { Table } from 'ponder'
import * as tables from '../../ponder.schema.ts'
import { digestOf } from '../../digest.ts'
import type { Digest, Row } from '../../digest.ts'

const app = new Hono()

/** What the rows of every entity come to, by the entity's name; entities without a row are left out. */
app.get('/digests', async (context) => {
  const digests: Record<string, Digest> = {}
  for (const [name, table] of Object.entries<Table<Row>>(tables)) {
    const digest = digestOf(await db.select().from(table))
    if (digest.rows > 0) digests[`${name.charAt(0).toUpperCase()}${name.slice(1)}`] = digest
  }
  return context.json(digests)
})

export default app
