import { asyncIterableReader, createDecoder } from '@ipld/car/decoder'
import { SluiceError, isSluiceError } from '@sluice/sdk'
import { isSupportedCid, matchesCid, MAX_BLOCK_BYTES } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'

/** A block whose bytes are what its CID says. */
export type CarBlock = { readonly cid: CID; readonly bytes: Uint8Array }

export type Car = { readonly roots: readonly CID[]; readonly blocks: AsyncGenerator<CarBlock, void, undefined> }

type Bytes = Parameters<typeof createDecoder>[0]

/** A CAR's version, roots and varints: whatever is skipped without being read is one of the last. */
const MAX_SKIP = 10
const MAX_ROOTS = 2

/**
 * Reads a CARv1 as it comes, never more of it at once than one block. Throws BAD_INPUT, also from the blocks, for what is no
 * CAR, has other than one or two roots, a block above 1 MiB, of another kind or with other bytes than its CID, or is cut off.
 */
export async function readCar(body: AsyncIterable<Uint8Array>): Promise<Car> {
  const decoder = createDecoder(bounded(asyncIterableReader(body)))
  const { roots } = await decoder.header().catch((cause: unknown) => {
    throw refusal('It is not a CARv1, or cut off.', cause)
  })
  if (roots.length < 1 || roots.length > MAX_ROOTS)
    throw refusal(`It has ${roots.length} roots, not 1 or ${MAX_ROOTS}.`)
  return { roots, blocks: verified(decoder.blocks()) }
}

/** What is wrong with a CAR. */
export function refusal(reason: string, cause?: unknown): SluiceError {
  if (isSluiceError(cause)) return cause
  return new SluiceError('BAD_INPUT', `The CAR cannot be imported. ${reason}`, {
    cause,
    hint: 'A CAR that sluice export wrote, or one of a UnixFS file with raw leaves of 262,144 bytes, 1,024 to a node, is read.',
  })
}

async function* verified(blocks: AsyncGenerator<CarBlock>): AsyncGenerator<CarBlock, void, undefined> {
  for (;;) {
    const next = await blocks.next().catch((cause: unknown) => {
      throw refusal('A block is cut off or malformed.', cause)
    })
    if (next.done === true) return
    const { cid, bytes } = next.value
    if (!isSupportedCid(cid)) throw refusal(`Block ${cid} is of a kind that Sluice does not know.`)
    if (!(await matchesCid(cid, bytes))) throw refusal(`Block ${cid} has other bytes.`)
    yield { cid, bytes }
  }
}

/** The decoder takes lengths from the file as they are: here they are compared before anything is read by them. */
function bounded(reader: Bytes): Bytes {
  const check = (length: number, limit: number): void => {
    if (!Number.isSafeInteger(length) || length < 0) throw refusal('A length in it is malformed.')
    if (length > limit) throw refusal(`Something in it is ${length} bytes long, more than ${limit}.`)
  }
  return {
    upTo: (length) => reader.upTo(length),
    exactly: async (length, seek) => {
      check(length, MAX_BLOCK_BYTES)
      return reader.exactly(length, seek)
    },
    seek(length) {
      check(length, MAX_SKIP)
      reader.seek(length)
    },
    get pos() {
      return reader.pos
    },
  }
}
