import type { CID } from 'multiformats/cid'
import { matchesCid } from '../content/index.ts'
import { SluiceError } from '../errors.ts'

/** Returns the bytes if they are the CID's; throws SLICE_CORRUPT otherwise. */
export async function verifyBlock(cid: CID, bytes: Uint8Array): Promise<Uint8Array> {
  if (await matchesCid(cid, bytes)) return bytes
  throw new SluiceError('SLICE_CORRUPT', `The bytes that were served are not block ${cid}.`)
}
