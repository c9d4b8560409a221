import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Agent, request } from 'node:http'
import { parseSchema } from '../../subgraph/runner/src/schema/index.ts'
import { startServer } from '../../subgraph/runner/src/server/index.ts'
import { OWN_TABLES } from '../../subgraph/runner/src/storage/store-tables.ts'
import { createQueryIndexes, createTables } from '../../subgraph/runner/src/storage/tables.ts'
import { encodeBigInt } from '../../subgraph/runner/src/storage/values.ts'
import type { Measurement } from './harness/measurement.ts'
import { quantile } from './harness/statistics.ts'
import { createRandom } from '../lib/random.ts'

const CONTENTS = 100_000
const CLIENTS = 50
const SEARCHES_EACH = 40
const WARM_UP_EACH = 4
const WORDS = 20_000
const SCHEMA = 'subgraph/schema.graphql'
const QUERY =
  'query ($text: String!) { contentSearch(text: $text, first: 20) { id title viewCount publishedAt creator { id handle } } }'

/** How long a search over 100,000 contents takes, over HTTP, while 50 clients search at once without a pause. */
export const indexSearch: Measurement = {
  names: ['index.search.p95', 'index.search.median'],
  async run(bench) {
    const path = join(await bench.directory(), 'index.sqlite')
    const schema = await readFile(SCHEMA, 'utf8')
    const random = createRandom(1)
    fill(path, schema, random)
    const server = await startServer({ database: path, schema, deployment: 'bench', name: 'bench' })
    bench.cleanup(() => server.close())
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
    bench.cleanup(() => agent.destroy())
    const times: number[] = []
    const client = async (searches: number, onTime: (ms: number) => void) => {
      for (let count = 0; count < searches; count += 1) {
        bench.signal.throwIfAborted()
        const started = performance.now()
        await search(server.url, agent, searchText(random))
        onTime(performance.now() - started)
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, () => client(WARM_UP_EACH, () => undefined)))
    await Promise.all(Array.from({ length: CLIENTS }, () => client(SEARCHES_EACH, (ms) => void times.push(ms))))
    return [
      { name: 'index.search.p95', value: quantile(times, 0.95), unit: 'ms' },
      { name: 'index.search.median', value: quantile(times, 0.5), unit: 'ms' },
    ]
  },
}

/** Contents as the index keeps them, with titles whose words are as unevenly frequent as words are (Zipf). */
function fill(path: string, schemaText: string, random: () => number): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  const schema = parseSchema(schemaText)
  for (const statement of [...OWN_TABLES, ...createTables(schema)]) database.exec(statement)
  database.exec(`BEGIN; INSERT INTO runner_blocks VALUES (1, '0x01', 1)`)
  const account = Buffer.alloc(20, 7)
  database
    .prepare(
      `INSERT INTO "entity_Account" (block_from, id, handle, "contentCount", "followerCount", "followingCount", "createdAt")
       VALUES (1, ?, 'creator', 0, 0, 0, 0)`,
    )
    .run(account)
  const insert = database.prepare(
    `INSERT INTO "entity_Content" (block_from, id, creator, publisher, kind, status, salt, title, "versionCount", latest,
       "publishedAt", "updatedAt", "editionCount", "keysSold", "keysResold", "viewCount", "trendingScore", topic)
     VALUES (1, ?, ?, ?, 'MEDIA', 'ACTIVE', x'00', ?, 1, x'00', ?, ?, 0, ?, ?, ?, ?, x'00')`,
  )
  const zero = encodeBigInt(0n)
  for (let number = 0; number < CONTENTS; number += 1) {
    const id = Buffer.alloc(32)
    id.writeUInt32BE(number, 28)
    const words = 3 + Math.floor(random() * 6)
    const title = Array.from({ length: words }, () => zipfWord(random)).join(' ')
    insert.run(id, account, account, title, number, number, zero, zero, Math.floor(random() * 1000), number)
  }
  database.exec('COMMIT')
  for (const statement of createQueryIndexes(schema)) database.exec(statement)
  database.close()
}

/** One word, two that must both be there, or the beginning of one. */
function searchText(random: () => number): string {
  const kind = Math.floor(random() * 3)
  if (kind === 0) return zipfWord(random)
  if (kind === 1) return `${zipfWord(random)} & ${zipfWord(random)}`
  return `${zipfWord(random).slice(0, 4)}:*`
}

function zipfWord(random: () => number): string {
  return wordOf(Math.floor(WORDS ** random()))
}

/** A made-up word for a number: the same for the same. */
function wordOf(number: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ne', 'ru', 'sa', 'to', 'vi', 'we', 'zu', 'ba', 'do', 'fe', 'gi', 'ho', 'ju']
  let [rest, word] = [(number * 40_503) % 65_536, '']
  for (let count = 0; count < 4; count += 1) {
    word += syllables[rest % 16] ?? ''
    rest = Math.floor(rest / 16)
  }
  return word
}

function search(url: string, agent: Agent, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const body = JSON.stringify({ query: QUERY, variables: { text } })
  const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
    let answer = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk))
    response.on('end', () => (answer.startsWith('{"data"') ? resolve() : reject(new Error(answer.slice(0, 200)))))
  })
  sent.on('error', reject).end(body)
  return promise
}
