import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createPublicClient, createTestClient, http } from 'viem'
import { hardhat } from 'viem/chains'
import { createNodeClient } from '@sluice/node/api/client'
import { createIndexReader } from '@sluice/sdk/graph'
import { devAccount } from '../../scripts/dev-network/accounts.ts'
import type { Role } from '../../scripts/dev-network/accounts.ts'
import { startDevNetwork } from '../../scripts/dev-network/dev-network.ts'
import type { DevNetwork } from '../../scripts/dev-network/dev-network.ts'
import { forkNode } from '../../scripts/dev-network/nodes.ts'
import type { DevNode } from '../../scripts/dev-network/nodes.ts'

const SLUICE = fileURLToPath(new URL('../../node/bin/sluice.mjs', import.meta.url))
const WRITE_BYTES = 1024 * 1024
/** Where slices begin in a node's file, in bytes. */
const STRIDE = 262_144

/** How a command line ended. */
export type CliResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Which node and whose wallet a command speaks for; each can be left out to see what happens without. */
export type CliOptions = {
  readonly node?: DevNode['name']
  readonly wallet?: Role
  readonly env?: Readonly<Record<string, string>>
}

/**
 * A dev network without the dApp, and without an index unless asked for; a directory for files, and the
 * command line against it.
 */
export async function startHarness({ index = false } = {}) {
  const network = await startDevNetwork({ app: false, index, port: 0, signal: new AbortController().signal })
  const directory = await mkdtemp(join(tmpdir(), 'sluice-e2e-'))
  const transport = http(network.chain.rpcUrl)
  const publicClient = createPublicClient({ chain: hardhat, transport })
  return {
    network,
    directory,
    file: (name: string) => join(directory, name),
    publicClient,
    testClient: createTestClient({ chain: hardhat, mode: 'hardhat', transport }),
    api: (name: DevNode['name']) => {
      const { apiUrl, apiToken } = network.node(name).node
      return createNodeClient({ url: apiUrl, token: apiToken })
    },
    /** Resolves when the index has taken in every block that is mined now. */
    async caughtUp(): Promise<void> {
      const index = createIndexReader({ url: network.indexUrl ?? '' })
      // Not viem's remembered number: what was just mined must be in.
      const head = Number(await publicClient.getBlockNumber({ cacheTime: 0 }))
      while ((await index.head()) < head) await delay(20)
    },
    /** Has a node hold a content, whole. */
    async seed(name: DevNode['name'], content: string): Promise<void> {
      const { apiUrl: url, apiToken: token } = network.node(name).node
      const api = createNodeClient({ url, token })
      const { jobId } = await api.startSeed({ content })
      for await (const { state, error } of api.jobEvents(jobId)) {
        if (state === 'failed') throw new Error(`${name} could not seed ${content}: ${error?.message}`)
      }
    },
    /** Slices that a node has served since it started, on whatever grounds. */
    async served(name: DevNode['name']): Promise<number> {
      const { apiUrl, apiToken } = network.node(name).node
      const response = await fetch(new URL('/metrics', apiUrl), { headers: { authorization: `Bearer ${apiToken}` } })
      const counts = (await response.text()).matchAll(/^sluice_slices_served_total\{.*\} (\d+)$/gm)
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
    },
    /** Ends a node's process at once, as a power cut would; {@link restart} brings it back. */
    async kill(name: DevNode['name']): Promise<void> {
      const { node, ended } = network.node(name)
      process.kill(node.pid, 'SIGKILL')
      await ended
    },
    /** Starts a node again on the directory that it left. */
    async restart(name: DevNode['name']): Promise<void> {
      network.replace(await forkNode(name, network.node(name).node.dataDir))
    },
    run: (args: readonly string[], options: CliOptions = {}) => runCli(args, environment(network, options), directory),
    /** Runs a command with `--json` and returns its object; fails the test when the command fails. */
    async json<T>(args: readonly string[], options: CliOptions = {}): Promise<T> {
      const result = await runCli([...args, '--json'], environment(network, options), directory)
      if (result.code !== 0)
        throw new Error(`sluice ${args.join(' ')} ended with ${result.code}: ${result.stdout}${result.stderr}`)
      return JSON.parse(result.stdout) as T
    },
    /** Runs a command with `--json` that must fail, and returns its error. */
    async refusal(
      args: readonly string[],
      options: CliOptions = {},
    ): Promise<{ code: string; message: string; exit: number }> {
      const result = await runCli([...args, '--json'], environment(network, options), directory)
      if (result.code === 0) throw new Error(`sluice ${args.join(' ')} should have failed: ${result.stdout}`)
      return { exit: result.code, ...(JSON.parse(result.stdout) as { error: { code: string; message: string } }).error }
    },
    async stop() {
      await network.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type Harness = Awaited<ReturnType<typeof startHarness>>

/** Writes a file of random bytes, a megabyte at a time. Returns its sha-256, hex. */
export async function writeRandomFile(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256')
  const file = createWriteStream(path)
  for (let left = bytes; left > 0; left -= WRITE_BYTES) {
    const chunk = randomBytes(Math.min(left, WRITE_BYTES))
    hash.update(chunk)
    if (!file.write(chunk)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return hash.digest('hex')
}

/** Flips one bit of each of some slices of a content in a node's file, behind its back. */
export async function alterSlices(
  { network }: Harness,
  name: DevNode['name'],
  root: string,
  slices: readonly number[],
): Promise<void> {
  await using file = await open(join(network.node(name).node.dataDir, 'contents', `${root}.slices`), 'r+')
  const byte = Buffer.alloc(1)
  for (const index of slices) {
    await file.read(byte, 0, 1, index * STRIDE)
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, index * STRIDE)
  }
}

/** The sha-256 of a file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

function environment(network: DevNetwork, { node, wallet, env }: CliOptions): Record<string, string> {
  const target = node === undefined ? undefined : network.node(node).node
  return {
    ...(target === undefined ? {} : { SLUICE_API_URL: target.apiUrl, SLUICE_API_TOKEN: target.apiToken }),
    ...(wallet === undefined ? {} : { SLUICE_PRIVATE_KEY: devAccount(wallet).privateKey }),
    ...env,
  }
}

async function runCli(args: readonly string[], env: Record<string, string>, cwd: string): Promise<CliResult> {
  // Nothing of the environment but what any user's has, and where to find what is compiled already.
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [SLUICE, ...args], { cwd, env: { PATH, HOME, NODE_COMPILE_CACHE, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? -1))
  })
  return { code, stdout, stderr }
}
