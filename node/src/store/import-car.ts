import { isSluiceError } from '@sluice/sdk'
import { DAG_CBOR, DAG_PB, decodeManifest, openRootSize } from '@sluice/sdk/content'
import type { DagReader } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { hasBit } from './bitfield.ts'
import { describeManifest } from './manifest.ts'
import type { StoredManifest } from './manifest.ts'
import { readCar, refusal } from './read-car.ts'
import type { CarBlock } from './read-car.ts'
import { readDag } from './scrub.ts'
import type { Store, StoredContent } from './types.ts'

/** What is imported, from its first block. */
type Claim = { readonly content: StoredManifest; readonly manifest?: CarBlock; readonly thumbnail?: CID | undefined }

/** The block that comes next, if there is one. */
type Cursor = { readonly current: () => CarBlock | undefined; readonly advance: () => Promise<void> }

const UNKNOWN_MIME = 'application/octet-stream'
/** Different slices at most that a CAR may have left out because they had been in it before. */
const MAX_REPEATED = 65_536

/**
 * Stores the content of a CAR, in the order in which {@link exportCar} writes it, pins it and returns it; blocks that were in
 * the CAR before may be left out. Nothing is let go for it. What fails leaves nothing behind that was not here before.
 * @throws BAD_INPUT, MANIFEST_INVALID, STORE_FULL
 */
export async function importCar(store: Store, body: AsyncIterable<Uint8Array>): Promise<StoredContent> {
  const { roots, blocks } = await readCar(body)
  const cursor = await createCursor(blocks)
  const claim = readClaim(roots, cursor.current())
  if (claim.manifest !== undefined) await cursor.advance()
  const { root } = claim.content
  const isNew = store.get(root) === undefined
  await store.create(claim.content, { evict: false })
  const added: string[] = []
  const put = async ({ cid, bytes }: CarBlock): Promise<void> => {
    if ((await store.blocks.get(cid.toString())) !== undefined) return
    added.push(cid.toString())
    await store.blocks.put(cid.toString(), bytes, { root, evict: false })
  }
  try {
    await storeBlocks(store, claim, cursor, put)
    await store.sync(root)
    return store.setPinned(root, true)
  } catch (error) {
    if (isNew && store.get(root)?.pinned === false) await store.remove(root)
    for (const cid of added) store.blocks.remove(cid)
    throw error
  }
}

function readClaim([first, second]: readonly CID[], block: CarBlock | undefined): Claim {
  if (first === undefined || block === undefined) throw refusal('It has no blocks.')
  const { cid } = block
  if (!equal(cid, first)) throw refusal(`Its first block is ${cid}, not its root ${first}.`)
  if (first.code !== DAG_CBOR) {
    if (second !== undefined) throw refusal('Its first root is not a manifest.')
    return { content: describeBareRoot(block) }
  }
  const manifest = decodeManifest(block.bytes)
  if (second !== undefined && !equal(second, manifest.root)) {
    throw refusal(`Its second root is ${second}, not the manifest's ${manifest.root}.`)
  }
  const kept = { cid: first, bytes: block.bytes.slice() }
  return { content: describeManifest(manifest, first), manifest: kept, thumbnail: manifest.thumbnail }
}

/** Open content names its size in its root. */
function describeBareRoot({ cid, bytes }: CarBlock): StoredManifest {
  const { byteSize, sliceCount } = cid.code === DAG_PB ? openRootSize(bytes) : { byteSize: bytes.length, sliceCount: 1 }
  const root = cid.toString()
  return {
    root,
    manifestCid: root,
    title: root,
    mime: UNKNOWN_MIME,
    chainKind: 'open',
    sliceCount,
    byteLength: byteSize,
  }
}

async function storeBlocks(
  store: Store,
  { content, manifest, thumbnail }: Claim,
  cursor: Cursor,
  put: (block: CarBlock) => Promise<void>,
): Promise<void> {
  const { root } = content
  const dag = readDag(content, store.blocks)
  for await (const { cid, index } of walk(dag)) {
    const block = cursor.current()
    // A CAR need not repeat a block; a node must have come before, a slice is looked for at the end.
    if (block === undefined || !equal(block.cid, cid)) continue
    if (index === undefined) await put(block)
    else await store.writeSlice(root, index, block.bytes)
    await cursor.advance()
  }
  const picture = cursor.current()
  if (picture !== undefined && thumbnail !== undefined && equal(picture.cid, thumbnail)) {
    await put(picture)
    await cursor.advance()
  }
  const stray = cursor.current()
  if (stray !== undefined) throw refusal(`Block ${stray.cid} is not where the content has it, depth first.`)
  await fillRepeated(store, content, dag)
  if (manifest !== undefined) await put(manifest)
}

async function* walk(dag: DagReader): ReturnType<DagReader['walk']> {
  try {
    yield* dag.walk()
  } catch (error) {
    if (!isSluiceError(error, 'STORE_CORRUPT')) throw error
    throw refusal(
      'It is cut off, or not in depth-first order: a node comes after what is below it, or not at all.',
      error.cause,
    )
  }
}

/** Writes the slices that were left out because the same bytes had been there before. */
async function fillRepeated(store: Store, { root, sliceCount }: StoredManifest, dag: DagReader): Promise<void> {
  const missing = missingOf(store, root, sliceCount)
  if (missing.length === 0) return
  const sources = await findSources(dag, new Set(missing))
  for (const index of missing) {
    const source = sources?.get((await dag.leafCid(index)).toString())
    const bytes = source === undefined ? undefined : await store.readSlice(root, source)
    if (bytes === undefined) throw refusal(`It is cut off: ${missing.length} of ${sliceCount} slices are not in it.`)
    await store.writeSlice(root, index, bytes)
  }
}

function missingOf(store: Store, root: string, sliceCount: number): number[] {
  const here = store.has(root) ?? new Uint8Array()
  const missing: number[] = []
  for (let index = 0; index < sliceCount; index += 1) if (!hasBit(here, index)) missing.push(index)
  return missing
}

/** Where the same bytes as in the missing slices are, by CID; `undefined` when they are too many to be repetitions. */
async function findSources(dag: DagReader, missing: ReadonlySet<number>) {
  const sources = new Map<string, number | undefined>()
  for (const index of missing) {
    sources.set((await dag.leafCid(index)).toString(), undefined)
    if (sources.size > MAX_REPEATED) return undefined
  }
  for (let index = 0; index < dag.sliceCount; index += 1) {
    const cid = missing.has(index) ? '' : (await dag.leafCid(index)).toString()
    if (sources.has(cid)) sources.set(cid, index)
  }
  return sources
}

/** Not a method of one of them: TypeScript takes their `equals` for a type guard that rules the rest out. */
function equal(left: CID, right: CID): boolean {
  return left.equals(right)
}

async function createCursor(blocks: AsyncGenerator<CarBlock, void, undefined>): Promise<Cursor> {
  let current: CarBlock | undefined
  const advance = async (): Promise<void> => {
    const next = await blocks.next()
    current = next.done === true ? undefined : next.value
  }
  await advance()
  return { current: () => current, advance }
}
