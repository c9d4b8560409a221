/**
 * Measures what other projects' contracts cost, as ours are: whole transactions, base included, on the same chain. Writes
 * results.json, from which docs/gas.md is generated. `--swarm FILE` measures Swarm's chequebook too; without it the numbers
 * of the last time are kept.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const RESULTS = new URL('results.json', import.meta.url)

const { values } = parseArgs({ options: { swarm: { type: 'string' } } })
const swarm = values.swarm === undefined ? undefined : resolve(values.swarm)
const { measureOpenZeppelin } = await import('./open-zeppelin.ts')
const { measureUnlock } = await import('./unlock.ts')
const { measureSwarm } = await import('./swarm.ts')

const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, number>) : {}
const results = {
  ...before,
  ...(await measureOpenZeppelin()),
  ...(await measureUnlock()),
  ...(swarm === undefined ? {} : await measureSwarm(swarm)),
}
writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
for (const [name, gas] of Object.entries(results)) console.log(`${name.padEnd(28)} ${gas.toLocaleString('en-US')}`)
