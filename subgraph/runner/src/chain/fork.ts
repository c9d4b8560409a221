import { RunnerError } from '../errors.ts'
import type { Store } from '../storage/store.ts'
import type { ChainSource } from './source.ts'
import type { RpcHeader } from './types.ts'

const HEADERS_PER_REQUEST = 20

/** A block to go on from: everything up to it is in the store. `hash` is undefined where nothing is, and it is not known. */
export type CommonBlock = { readonly number: number; readonly hash: string | undefined }

const ORIGIN = 'origin'

/**
 * The last block in the store that is still on the chain, or the one before `firstBlock` if none is, or none is stored. Throws
 * REORG_TOO_DEEP if the chain is another one, or the blocks that were replaced can no longer be taken back.
 */
export async function findCommonBlock(source: ChainSource, store: Store, firstBlock: number): Promise<CommonBlock> {
  const start = { number: firstBlock - 1, hash: undefined }
  const kept = store.recentBlocks()
  if (kept.length === 0) {
    await rememberOrigin(source, store, firstBlock)
    return start
  }
  // Nearly always it is the last; if not, it is one of a few.
  let [at, count] = [0, 1]
  while (at < kept.length) {
    const some = kept.slice(at, at + count)
    const headers = await source.headers(some.map(({ number }) => number))
    const found = some.find(({ hash }, index) => headers[index]?.hash === hash)
    if (found !== undefined) return found
    ;[at, count] = [at + count, HEADERS_PER_REQUEST]
  }
  if (store.earliestBlock() === 0 && (await isOriginThere(source, store, firstBlock))) return start
  throw new RunnerError('REORG_TOO_DEEP', 'No block that was indexed of late is on the chain; is it another chain?')
}

/** The block before the first, or the very first, tells one chain from another. */
async function rememberOrigin(source: ChainSource, store: Store, firstBlock: number): Promise<void> {
  const [origin] = await source.headers([Math.max(0, firstBlock - 1)])
  if (origin !== undefined) store.setMeta(ORIGIN, origin.hash)
}

async function isOriginThere(source: ChainSource, store: Store, firstBlock: number): Promise<boolean> {
  const [origin] = await source.headers([Math.max(0, firstBlock - 1)])
  return origin !== undefined && origin.hash === store.meta(ORIGIN)
}

/**
 * The headers after block `after` up to `head`, by their parents' hashes. Undefined if they do not lead to `after`: the chain
 * changed meanwhile.
 */
export async function walkBack(
  source: ChainSource,
  head: RpcHeader,
  after: CommonBlock,
): Promise<RpcHeader[] | undefined> {
  const headers = [head]
  for (;;) {
    const first = headers.at(-1) ?? head
    const number = Number(first.number)
    if (number <= after.number) return undefined
    if (number === after.number + 1) {
      const isLinked = after.hash === undefined || first.parentHash === after.hash
      return isLinked ? headers.reverse() : undefined
    }
    const parent = await source.header(first.parentHash)
    if (parent === undefined || Number(parent.number) !== number - 1 || parent.hash !== first.parentHash)
      return undefined
    headers.push(parent)
  }
}
