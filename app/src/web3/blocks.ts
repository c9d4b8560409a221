import { SluiceError } from '@sluice/sdk'
import { MAX_BLOCK_BYTES, matchesCid } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { originUrl } from './origin.ts'

const TIMEOUT_MS = 15_000

/**
 * Fetches a manifest, picture or lockbox from the page's node, which looks for it in the network, and checks it against
 * its CID. @throws NO_PROVIDERS, NODE_UNREACHABLE, PROTOCOL_VIOLATION
 */
export async function fetchBlock(cid: CID, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`/block/${cid.toString()}?find=1`, originUrl())
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) }).catch(
    (cause: unknown) => {
      throw new SluiceError('NODE_UNREACHABLE', 'The node that serves this page does not answer.', { cause })
    },
  )
  if (!response.ok) throw new SluiceError('NO_PROVIDERS', 'Nobody who is online has this part of the content.')
  const announced = Number(response.headers.get('content-length') ?? 0)
  const bytes = announced > MAX_BLOCK_BYTES ? undefined : new Uint8Array(await response.arrayBuffer())
  if (bytes !== undefined && bytes.length <= MAX_BLOCK_BYTES && (await matchesCid(cid, bytes))) return bytes
  throw new SluiceError('PROTOCOL_VIOLATION', 'The node answered with other bytes than it was asked for.')
}
