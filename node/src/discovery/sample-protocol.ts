import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../net/request.ts'
import type { Store, StoredContent } from '../store/index.ts'

/**
 * `/sluice/sample/1.0.0`: a nonce of 32 bytes, four slice indices (u32, big-endian), a root's CID bytes → the sha-256 of the
 * nonce and those slices, or nothing where one of them is not here.
 */
const SAMPLE_PROTOCOL = '/sluice/sample/1.0.0'

const NONCE_BYTES = 32
const SLICES = 4
const HEAD_BYTES = NONCE_BYTES + SLICES * 4
const MAX_CID_BYTES = 64
const DIGEST_BYTES = 32
/** Each costs at most 1 MiB from the disk. */
const PER_MINUTE = 60
const AT_ONCE = 4

type Slices = Pick<Store, 'readSlice'>

/** Shows who asks that slices are here, and asks others; what a hash of a fresh nonce was made of must have been at hand. */
export async function createSampleProtocol(host: Host, store: Slices, log: Log) {
  const limiter = createRateLimiter(PER_MINUTE)
  const limits = { maxRequestBytes: HEAD_BYTES + MAX_CID_BYTES, maxResponseBytes: DIGEST_BYTES, concurrency: AT_ONCE }
  await serveRequests(host, { protocol: SAMPLE_PROTOCOL, ...limits, log }, async (request, peer) => {
    const root = CID.decode(request.subarray(HEAD_BYTES)).toString()
    const digest = limiter.take(peer.toString())
      ? await digestOf(store, root, request.subarray(0, HEAD_BYTES))
      : undefined
    return digest ?? new Uint8Array()
  })
  return {
    /**
     * Whether a peer has slices of a content that is here whole, drawn at random. Throws NODE_UNREACHABLE,
     * PROTOCOL_VIOLATION, TIMEOUT or ABORTED.
     */
    async ask(peer: PeerId, { root, sliceCount }: StoredContent, signal: AbortSignal): Promise<boolean> {
      const head = Buffer.concat([randomBytes(NONCE_BYTES), Buffer.alloc(SLICES * 4)])
      for (let at = NONCE_BYTES; at < HEAD_BYTES; at += 4) head.writeUInt32BE(randomInt(sliceCount), at)
      const request = Buffer.concat([head, CID.parse(root).bytes])
      const asked = { protocol: SAMPLE_PROTOCOL, maxResponseBytes: DIGEST_BYTES, signal }
      const answer = await askPeer(host, peer, request, asked)
      const expected = await digestOf(store, root, head)
      return expected !== undefined && answer.length === DIGEST_BYTES && timingSafeEqual(answer, expected)
    },
    stop: () => host.unhandle(SAMPLE_PROTOCOL),
  }
}

async function digestOf(store: Slices, root: string, head: Uint8Array): Promise<Uint8Array | undefined> {
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const hash = createHash('sha256').update(head.subarray(0, NONCE_BYTES))
  for (let at = NONCE_BYTES; at < HEAD_BYTES; at += 4) {
    const slice = await store.readSlice(root, view.getUint32(at))
    if (slice === undefined) return undefined
    hash.update(slice)
  }
  return hash.digest()
}
