import type { PeerId } from '@libp2p/interface'
import { SluiceError } from '@sluice/sdk'
import { MAX_BLOCK_BYTES, isSupportedCid, matchesCid } from '@sluice/sdk/content'
import { CID } from 'multiformats/cid'
import type { Log } from '../../log.ts'
import type { Host } from '../../net/host.ts'
import { createRateLimiter } from '../../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../../net/request.ts'
import type { BlockStore } from '../../store/index.ts'

/** `/sluice/block/1.0.0`: a CID's bytes → one status byte, then the block. One request per stream. */
export const BLOCK_PROTOCOL = '/sluice/block/1.0.0'

const STATUS = { found: 1, missing: 2, limited: 3 } as const
const MAX_CID_BYTES = 64
const MAX_RESPONSE_BYTES = 1 + MAX_BLOCK_BYTES

export type BlockProtocolOptions = {
  readonly host: Host
  readonly blocks: BlockStore
  readonly perMinute: number
  readonly log: Log
}

/** Serves this node's blocks and asks others for theirs. */
export async function createBlockProtocol({ host, blocks, perMinute, log }: BlockProtocolOptions) {
  const limiter = createRateLimiter(perMinute)
  const limits = { maxRequestBytes: MAX_CID_BYTES, maxResponseBytes: MAX_RESPONSE_BYTES }
  await serveRequests(host, { protocol: BLOCK_PROTOCOL, ...limits, log }, async (request, peer) => {
    if (!limiter.take(peer.toString())) return Uint8Array.of(STATUS.limited)
    const cid = CID.decode(request)
    const block = isSupportedCid(cid) ? await blocks.get(cid.toString()) : undefined
    if (block === undefined) return Uint8Array.of(STATUS.missing)
    const response = new Uint8Array(1 + block.length)
    response[0] = STATUS.found
    response.set(block, 1)
    return response
  })

  return {
    /** One peer's bytes for a CID, verified; `undefined` when it has none. Throws SLICE_CORRUPT for other bytes. */
    async ask(peer: PeerId, cid: CID, signal: AbortSignal): Promise<Uint8Array | undefined> {
      const options = { protocol: BLOCK_PROTOCOL, maxResponseBytes: MAX_RESPONSE_BYTES, signal }
      const response = await askPeer(host, peer, cid.bytes, options)
      if (response[0] === STATUS.missing) return undefined
      if (response[0] === STATUS.limited) throw new SluiceError('RATE_LIMITED', 'The peer was asked too often.')
      // A copy of its own: the response is a view of the stream's buffer.
      const block = new Uint8Array(response.subarray(1))
      if (response[0] === STATUS.found && (await matchesCid(cid, block))) return block
      throw new SluiceError('SLICE_CORRUPT', `The peer served other bytes for ${cid}.`)
    },
    stop: () => host.unhandle(BLOCK_PROTOCOL),
  }
}

export type BlockProtocol = Awaited<ReturnType<typeof createBlockProtocol>>
