/**
 * Writes a deployment into `subgraph/networks.json`, for a build of the index that watches that chain:
 * `npm run network -w @sluice/subgraph -- base chain-8453`. Prints what it wrote; exits 2 when it wrote nothing.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { readDeployment } from './lib/ignition-deployment.ts'
import { ROOT } from './lib/paths.ts'
import type { SubgraphNetwork } from './lib/subgraph-manifest.ts'

const NETWORKS = join(ROOT, 'subgraph/networks.json')
const DEPLOYMENTS = join(ROOT, 'ignition/deployments')
/** As The Graph names chains: `base`, `arbitrum-one`. */
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

const USAGE = `Usage: npm run network -w @sluice/subgraph -- NAME DEPLOYMENT
NAME is what The Graph calls the chain (base), DEPLOYMENT what Ignition calls the deployment (chain-8453).`

async function addNetwork(name: string, deployment: string): Promise<SubgraphNetwork> {
  const sources = await readDeployment(DEPLOYMENTS, deployment)
  const networks = JSON.parse(await readFile(NETWORKS, 'utf8')) as Record<string, SubgraphNetwork>
  const text = JSON.stringify({ ...networks, [name]: sources })
  await writeFile(NETWORKS, await format(text, { ...(await resolveConfig(NETWORKS)), filepath: NETWORKS, plugins: [] }))
  return sources
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

const [name = '', deployment, ...others] = parseArgs({ allowPositionals: true }).positionals
if (!NAME.test(name) || deployment === undefined || others.length > 0) fail(USAGE)
if (name === 'hardhat') fail('hardhat is the dev network, whose fresh chains always deploy to the same addresses.')
try {
  for (const [contract, { address, startBlock }] of Object.entries(await addNetwork(name, deployment))) {
    console.log(`${contract.padEnd(16)} ${address} from block ${startBlock}`)
  }
  console.log(
    `Written to subgraph/networks.json. Next, in subgraph/: npx graph build --network ${name} --output-dir build/${name}`,
  )
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
