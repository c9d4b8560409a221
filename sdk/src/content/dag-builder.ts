import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { cidOf, cidOfDigest, DAG_PB, RAW } from './cid.ts'
import { DAG_WIDTH, LEAF_BYTES, MAX_SLICES } from './constants.ts'
import { encodeFileNode } from './dag-node.ts'
import type { DagLink } from './dag-node.ts'

/** Receives a finished block; building goes on when it resolves. */
export type OnBlock = (cid: CID, bytes: Uint8Array) => Promise<void>

/** Builds the UnixFS DAG over leaves given in order. Holds at most 1,024 links per level. */
export type DagBuilder = {
  /** Adds the next leaf by the sha2-256 of its bytes and their number: full leaves, but for the last. */
  addLeaf(digest: Uint8Array, size: number): Promise<void>
  /** Emits what is open and returns the root. Called once. */
  finish(): Promise<CID>
}

/**
 * CIDv1, raw leaves, sha2-256, balanced, 1,024 children per node; a single leaf is its own root. The leaves may come
 * from hashes alone, so a stored content is re-rooted without its bytes.
 */
export function createDagBuilder(onBlock: OnBlock): DagBuilder {
  const levels: DagLink[][] = [[]]
  let count = 0
  let ended = false

  async function add(level: number, link: DagLink): Promise<void> {
    const open = (levels[level] ??= [])
    open.push(link)
    if (open.length === DAG_WIDTH) await close(level)
  }

  async function close(level: number): Promise<void> {
    const links = levels[level] ?? []
    levels[level] = []
    const block = encodeFileNode(links)
    const cid = await cidOf(DAG_PB, block)
    await onBlock(cid, block)
    await add(level + 1, { cid, bytes: sum(links, 'bytes'), total: block.length + sum(links, 'total') })
  }

  return {
    async addLeaf(digest, size) {
      if (ended || count === MAX_SLICES) throw new SluiceError('BAD_INPUT', 'Only the last leaf may be short.')
      if (size > LEAF_BYTES) throw new SluiceError('BAD_INPUT', `A leaf has at most ${LEAF_BYTES} bytes, not ${size}.`)
      ended = size < LEAF_BYTES
      count += 1
      await add(0, { cid: cidOfDigest(RAW, digest), bytes: size, total: size })
    },

    async finish() {
      ended = true
      for (let level = 0; ; level += 1) {
        const open = levels[level] ?? []
        const [first, second] = open
        const isTop = levels[level + 1] === undefined
        if (isTop && first !== undefined && second === undefined) return first.cid
        if (isTop && first === undefined) throw new SluiceError('BAD_INPUT', 'A content has at least one leaf.')
        if (open.length > 0) await close(level)
      }
    },
  }
}

function sum(links: readonly DagLink[], field: 'bytes' | 'total'): number {
  return links.reduce((total, link) => total + link[field], 0)
}
