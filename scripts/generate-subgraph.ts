/**
 * Writes what of `subgraph/` is generated and committed: the contracts' events as ABIs, the manifest for the dev network, and the
 * types that graph-cli makes of both and of the schema. With `--check` it writes nothing and exits 1 when one is stale.
 */
import { globSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import hre from 'hardhat'
import { format, resolveConfig } from 'prettier'
import type { Abi } from 'viem'
import { CONTRACT_NAMES } from '../sdk/src/chain/index.ts'
import { prepareEnvironment } from './lib/environment.ts'
import { ROOT } from './lib/paths.ts'
import { runCommand } from './lib/run-command.ts'
import { fillManifest } from './lib/subgraph-manifest.ts'
import type { SubgraphNetwork } from './lib/subgraph-manifest.ts'

const TARGET = join(ROOT, 'subgraph')
/** The network of the manifest that is committed: a fresh chain of the dev network always deploys to the same addresses. */
const NETWORK = 'hardhat'
/** What codegen reads, or asks for, besides the ABIs and the manifest. */
const INPUTS = ['schema.graphql', 'src']

/** Events alone: the mappings call nothing. */
async function readAbis(): Promise<Record<string, Abi>> {
  const names = Object.values(CONTRACT_NAMES)
  const artifacts = await Promise.all(names.map((name) => hre.artifacts.readArtifact(name)))
  return Object.fromEntries(
    artifacts.map(({ contractName, abi }) => [contractName, (abi as Abi).filter((item) => item.type === 'event')]),
  )
}

async function pretty(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(join(TARGET, path))), filepath: path, plugins: [] })
}

/** Everything that is generated, by its path in `subgraph/`. */
async function generate(): Promise<Map<string, string>> {
  const read = (path: string) => readFile(join(TARGET, path), 'utf8')
  const abis = await readAbis()
  const networks = JSON.parse(await read('networks.json')) as Record<string, SubgraphNetwork>
  const template = await read('subgraph.template.yaml')

  const files = new Map<string, string>()
  for (const [name, abi] of Object.entries(abis)) {
    files.set(`abis/${name}.json`, await pretty(`abis/${name}.json`, JSON.stringify(abi)))
  }
  const manifest = fillManifest(template, { network: NETWORK, sources: networks[NETWORK] ?? {}, abis })
  files.set('subgraph.yaml', await pretty('subgraph.yaml', manifest))
  for (const [path, text] of await codegen(files)) files.set(path, text)
  return files
}

/** What graph-cli makes of the files; in a directory of its own, so that a check touches nothing. */
async function codegen(files: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-subgraph-'))
  try {
    for (const path of INPUTS) await cp(join(TARGET, path), join(directory, path), { recursive: true })
    await writeFiles(directory, files)
    const { exitCode, output } = await runCommand(['graph', 'codegen', '--skip-migrations'], { cwd: directory })
    if (exitCode !== 0) throw new Error(`graph codegen failed:\n${output}`)
    const made = globSync('generated/**/*.ts', { cwd: directory }).sort()
    return new Map(
      await Promise.all(made.map(async (path) => [path, await readFile(join(directory, path), 'utf8')] as const)),
    )
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function writeFiles(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
}

/** Files that differ from what is generated, or should not be there. */
async function staleFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale = globSync('{abis,generated}/**/*.{ts,json}', { cwd: TARGET }).filter((path) => !files.has(path))
  for (const [path, text] of files) {
    if ((await readFile(join(TARGET, path), 'utf8').catch(() => '')) !== text) stale.push(path)
  }
  return stale
}

prepareEnvironment()
await hre.tasks.getTask('build').run({ quiet: true, noTests: true })
const files = await generate()
if (process.argv.includes('--check')) {
  const stale = await staleFiles(files)
  for (const path of stale) console.error(`subgraph/${path} is stale: run npm run generate and commit what it writes`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const folder of ['abis', 'generated']) await rm(join(TARGET, folder), { recursive: true, force: true })
  await writeFiles(TARGET, files)
}
