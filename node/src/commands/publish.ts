import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { getMimeType } from 'hono/utils/mime'
import { announcePublication, preparePublication, publishOpen } from '@sluice/sdk/client'
import type { ContentAttributes, KeeperInfo, PreparedPublication } from '@sluice/sdk/client'
import { CONTENT_KINDS, TO_THE_END } from '@sluice/sdk/chain'
import type { ContentKind, EditionTerms } from '@sluice/sdk/chain'
import { MAX_PREVIEW_PERCENT } from '@sluice/sdk/content'
import { SluiceError } from '@sluice/sdk'
import { createUploadSink } from '../api/upload-sink.ts'
import { authorizeNode } from './authorize-node.ts'
import type { Context } from './context.ts'
import { formatAmount, formatBytes, parseAmount, parseInteger } from './format.ts'
import type { Output, Progress } from './output.ts'
import { withNode } from './run.ts'
import { dropPending, keepPending, readPending } from './pending.ts'

type PublishOptions = {
  open?: boolean
  title?: string
  description: string
  kind?: string
  mime?: string
  thumbnail?: string
  preview: string
  price: string
  supply: string
  royalty: string
  threshold?: string
  transferable: boolean
  resume?: string
  replicas: string
}

type SourceFile = { readonly path: string; readonly size: number }

const UNKNOWN_MIME = 'application/octet-stream'
const MAX_THUMBNAIL_BYTES = 1024 * 1024
const READ_BYTES = 1024 * 1024
const MAX_REPLICAS = 32
const BPS_PER_PERCENT = 100

export function registerPublish(program: Command, signal: AbortSignal): void {
  program
    .command('publish')
    .description('Encrypt a file, hand it to the node and sell keys to it')
    .argument('[file]', 'the file; left out with --resume')
    .option('--open', 'publish openly: no key, no price, no wallet; prints the CID')
    .option('--title <text>', 'title (the file name)')
    .option('--description <text>', 'description', '')
    .option('--kind <kind>', `${CONTENT_KINDS.join(', ')} (media for audio, video and pictures)`)
    .option('--mime <type>', 'media type (by the file name)')
    .option('--thumbnail <picture>', 'public picture, at most 1 MiB')
    .option('--preview <percent>', 'how much of its start anyone may open without a key', '0')
    .option('--price <amount>', 'price of one key in the chain’s coin', '0.01')
    .option('--supply <count>', 'most keys ever sold, 0 for no limit', '0')
    .option('--royalty <percent>', 'your part of a resale', '10')
    .option('--threshold <count>', 'keepers needed to open the key (more than half)')
    .option('--no-transferable', 'keys cannot be given away or resold')
    .option('--replicas <count>', 'copies that other nodes shall keep', '0')
    .option('--resume <file>', 'finish a publication whose transactions failed')
    .action(withNode(signal, publish))
}

async function publish(context: Context, path: string | undefined, options: PublishOptions): Promise<void> {
  if (options.resume !== undefined) return resume(context, options.resume, options)
  if (path === undefined)
    throw new SluiceError('BAD_INPUT', 'Name the file to publish.', { hint: 'sluice publish FILE' })
  const file = await inspect(path)
  readReplicas(options)
  const attributes = await describe(file, options)
  await (options.open === true
    ? publishOpenly(context, file, attributes, options)
    : publishSealed(context, file, attributes, options))
}

async function publishOpenly(
  { node, output, signal }: Context,
  file: SourceFile,
  attributes: ContentAttributes,
  options: PublishOptions,
): Promise<void> {
  const bars = createBars(output)
  const { root, metaHash, sliceCount, byteSize } = await publishOpen({
    source: readSource(file),
    byteSize: file.size,
    attributes,
    sink: createUploadSink(node),
    signal,
    onProgress: bars.update,
  }).finally(bars.stop)
  if (readReplicas(options) > 0) await node.setReplicas(root, readReplicas(options), { signal })
  output.result({ cid: root, contentId: null, metaHash, slices: sliceCount, bytes: byteSize, editions: [] }, [
    root,
    `Anyone can get it with: sluice get ${root} -o ${attributes.name}`,
  ])
}

async function publishSealed(
  context: Context,
  file: SourceFile,
  attributes: ContentAttributes,
  options: PublishOptions,
): Promise<void> {
  const { node, output, signal, chainId, contracts } = context
  const terms = readTerms(options, context)
  const { account } = await context.wallet()
  const keepers = await findKeepers(context)
  const bars = createBars(output)
  const prepared = await preparePublication({
    source: readSource(file),
    byteSize: file.size,
    attributes,
    creator: account.address,
    chainId,
    contracts,
    editions: [terms],
    previewPercent: parseInteger(options.preview, '--preview', 0, MAX_PREVIEW_PERCENT),
    keepers,
    threshold: readThreshold(options.threshold, keepers.length),
    sink: createUploadSink(node),
    signal,
    onProgress: bars.update,
  }).finally(bars.stop)
  await keepPending(prepared, () => announce(context, prepared, options))
}

async function resume(context: Context, path: string, options: PublishOptions): Promise<void> {
  await announce(context, await readPending(path), options)
  await dropPending(path)
}

/** The part that costs gas; made so that it can be run again from wherever it stopped. */
async function announce(context: Context, prepared: PreparedPublication, options: PublishOptions): Promise<void> {
  const { node, contracts, signal } = context
  const { walletClient } = await context.wallet()
  await announcePublication(walletClient, prepared, { contracts, signal })
  await node.registerContent(prepared.root, { contentId: prepared.contentId, version: 1 }, { signal })
  await authorizeNode(context)
  // Only now does the node speak for the wallet, and can grant copies.
  if (readReplicas(options) > 0) await node.setReplicas(prepared.root, readReplicas(options), { signal })
  report(context.output, prepared)
}

function report(
  output: Output,
  { contentId, metaHash, root, sliceCount, byteSize, editions }: PreparedPublication,
): void {
  const sold = editions.map(({ editionId, terms: { price, token } }) => ({ editionId, price, token }))
  output.result({ contentId, metaHash, root, slices: sliceCount, bytes: byteSize, editions: sold }, [
    `Published ${contentId}`,
    `${formatBytes(byteSize)} in ${sliceCount} slices, meta-hash ${metaHash}`,
    ...sold.map(({ editionId, price }) => `Edition ${editionId}: ${formatAmount(price)} a key`),
    `Buy a key with: sluice buy ${contentId}`,
  ])
}

async function inspect(path: string): Promise<SourceFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `The file ${path} cannot be read.`, {
      cause,
      hint: 'Check the path and its permissions.',
    })
  })
  if (!found.isFile()) throw new SluiceError('BAD_INPUT', `${path} is not a file.`)
  if (found.size === 0) throw new SluiceError('BAD_INPUT', `${path} is empty.`)
  return { path, size: found.size }
}

async function describe({ path }: SourceFile, options: PublishOptions): Promise<ContentAttributes> {
  const name = basename(path)
  const mime = options.mime ?? getMimeType(name) ?? UNKNOWN_MIME
  const { thumbnail } = options
  return {
    kind: readKind(options.kind, mime),
    name,
    title: options.title ?? name,
    description: options.description,
    mime: mime.toLowerCase(),
    createdAt: Math.floor(Date.now() / 1000),
    ...(thumbnail === undefined ? {} : { thumbnail: await readPicture(thumbnail) }),
  }
}

function readKind(given: string | undefined, mime: string): ContentKind {
  if (given === undefined) return /^(audio|image|video)\//.test(mime) ? 'media' : 'file'
  const kind = CONTENT_KINDS.find((known) => known === given)
  if (kind === undefined) throw new SluiceError('BAD_INPUT', `--kind must be one of ${CONTENT_KINDS.join(', ')}.`)
  return kind
}

async function readPicture(path: string): Promise<Uint8Array> {
  const { size } = await inspect(path)
  if (size > MAX_THUMBNAIL_BYTES) throw new SluiceError('BAD_INPUT', `The thumbnail ${path} is larger than 1 MiB.`)
  return readFile(path)
}

function readTerms(options: PublishOptions, { token }: Context): EditionTerms {
  return {
    price: parseAmount(options.price, '--price'),
    token,
    maxSupply: BigInt(parseInteger(options.supply, '--supply', 0, Number.MAX_SAFE_INTEGER)),
    firstSlice: 0,
    lastSlice: TO_THE_END,
    laterVersions: false,
    duration: 0,
    royaltyBps: BPS_PER_PERCENT * parseInteger(options.royalty, '--royalty', 0, 50),
    referralBps: 0,
    transferable: options.transferable,
    payouts: [],
  }
}

function readReplicas({ replicas }: PublishOptions): number {
  return parseInteger(replicas, '--replicas', 0, MAX_REPLICAS)
}

async function findKeepers({ network, signal }: Context): Promise<KeeperInfo[]> {
  const keepers = await network.findKeepers({ signal })
  if (keepers.length > 0) return keepers
  throw new SluiceError('NOT_ENOUGH_SHARES', 'No keeper answers, so nobody could release the key.', {
    hint: 'sluice peers shows who is connected; a node with the role "keeper" is needed.',
  })
}

function readThreshold(given: string | undefined, keepers: number): number {
  return given === undefined ? Math.floor(keepers / 2) + 1 : parseInteger(given, '--threshold', 1, keepers)
}

async function* readSource({ path }: SourceFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) yield chunk as Uint8Array
}

function createBars(output: Output): {
  update(event: { phase: string; done: number; total: number }): void
  stop(): void
} {
  let current: { phase: string; bar: Progress } | undefined
  return {
    update({ phase, done, total }) {
      if (current?.phase !== phase) {
        current?.bar.stop()
        current = { phase, bar: output.progress(phase, total, phase === 'sealing' ? 'slices' : 'steps') }
      }
      current.bar.update(done)
    },
    stop: () => current?.bar.stop(),
  }
}
