import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWalletClient, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { createNodeClient } from '@sluice/node/api/client'
import type { NodeClient } from '@sluice/node/api/client'
import { createUploadSink } from '@sluice/node/api/upload-sink'
import { authorize, NATIVE_TOKEN, TO_THE_END } from '@sluice/sdk/chain'
import type { ContentKind, EditionTerms } from '@sluice/sdk/chain'
import { announcePublication, createHttpNetwork, preparePublication } from '@sluice/sdk/client'
import type { PreparedPublication } from '@sluice/sdk/client'
import { devAccount } from './accounts.ts'
import type { DevNetwork } from './dev-network.ts'
import type { NodePlan } from './nodes.ts'

/** One entry of `samples/samples.json`; `price` in the chain's coin. */
type Sample = {
  readonly title: string
  readonly description: string
  readonly kind: ContentKind
  readonly mime: string
  readonly price: string
  /** How much of its start anyone may open, per cent. */
  readonly preview?: number
  readonly file: string
  readonly thumbnail?: string
}

type Options = { readonly signal: AbortSignal; readonly onStep: (line: string) => void }

const SAMPLES = new URL('../../samples/', import.meta.url)
const THRESHOLD = 2
const DAY_SECONDS = 86_400n

/** Publishes the sample works as the creator and has both seeders hold them. */
export async function publishSamples(network: DevNetwork, { signal, onStep }: Options): Promise<void> {
  const samples = JSON.parse(await readFile(new URL('samples.json', SAMPLES), 'utf8')) as readonly Sample[]
  const creator = await openCreator(network, signal)
  for (const sample of samples) {
    const published = await creator.publish(sample)
    const seeders = ['seeder-1', 'seeder-2'] as const
    await Promise.all(seeders.map((name) => seed(apiOf(network, name), published.contentId, signal)))
    onStep(`published "${sample.title}", held by ${seeders.join(' and ')}`)
  }
}

async function openCreator(network: DevNetwork, signal: AbortSignal) {
  const { rpcUrl, chainId, contracts } = network.chain
  const account = privateKeyToAccount(devAccount('creator').privateKey)
  const wallet = createWalletClient({ account, chain: { ...hardhat, id: chainId }, transport: http(rpcUrl) })
  const node = apiOf(network, 'creator')
  const { publicUrl, session } = await node.status({ signal })
  const keepers = await createHttpNetwork({ origin: publicUrl }).findKeepers({ signal })
  const expiry = BigInt(Math.floor(Date.now() / 1000)) + DAY_SECONDS
  // Lets the node grant copies to the seeders in the creator's name.
  await authorize(wallet, { contracts, token: NATIVE_TOKEN, session, limit: 0n, expiry, signal })
  return {
    async publish(sample: Sample): Promise<PreparedPublication> {
      const bytes = await readSample(sample.file)
      const thumbnail = sample.thumbnail === undefined ? {} : { thumbnail: await readSample(sample.thumbnail) }
      const { title, description, kind, mime } = sample
      const prepared = await preparePublication({
        source: once(bytes),
        byteSize: bytes.length,
        attributes: { title, description, kind, mime, name: basename(sample.file), createdAt: now(), ...thumbnail },
        creator: account.address,
        chainId,
        contracts,
        editions: [termsOf(sample)],
        previewPercent: sample.preview ?? 0,
        keepers,
        threshold: THRESHOLD,
        sink: createUploadSink(node),
        signal,
      })
      await announcePublication(wallet, prepared, { contracts, signal })
      await node.registerContent(prepared.root, { contentId: prepared.contentId, version: 1 }, { signal })
      return prepared
    },
  }
}

async function seed(node: NodeClient, content: string, signal: AbortSignal): Promise<void> {
  const { jobId } = await node.startSeed({ content }, { signal })
  for await (const job of node.jobEvents(jobId, { signal })) {
    if (job.state === 'failed') throw new Error(`a sample could not be seeded: ${job.error?.message}`)
  }
}

function termsOf({ price }: Sample): EditionTerms {
  return {
    price: parseEther(price),
    token: NATIVE_TOKEN,
    maxSupply: 0n,
    firstSlice: 0,
    lastSlice: TO_THE_END,
    laterVersions: false,
    duration: 0,
    royaltyBps: 1000,
    referralBps: 0,
    transferable: true,
    payouts: [],
  }
}

function apiOf(network: DevNetwork, name: NodePlan['name']): NodeClient {
  const { apiUrl, apiToken } = network.node(name).node
  return createNodeClient({ url: apiUrl, token: apiToken })
}

function readSample(path: string): Promise<Buffer> {
  return readFile(fileURLToPath(new URL(path, SAMPLES)))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
