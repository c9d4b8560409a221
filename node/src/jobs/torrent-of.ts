import type { ResolvedContent } from '@sluice/sdk/client'
import { parseMagnet } from '@sluice/sdk/content'
import { SluiceError } from '@sluice/sdk'
import type { DownloadRequest } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import type { Swarm, SwarmNetwork } from '../torrent/index.ts'

/**
 * The swarm in which a download is to look first: where it is asked for, and for a magnet link. Throws BAD_INPUT where it is
 * asked for and cannot be had.
 */
export function torrentOf(
  { torrents }: Pick<DaemonParts, 'torrents'>,
  { content: reference, via }: DownloadRequest,
  content: ResolvedContent,
): SwarmNetwork | undefined {
  const magnet = parseMagnet(reference.trim())
  if (via === 'libp2p' || (via === undefined && magnet === undefined)) return undefined
  const swarm = swarmOf(content, magnet)
  if (torrents !== undefined && swarm !== undefined) return torrents.swarm(swarm)
  if (via === undefined) return undefined
  if (torrents !== undefined) throw new SluiceError('BAD_INPUT', 'A bare root has no torrent; name the manifest’s CID.')
  throw new SluiceError('BAD_INPUT', 'This node is not in the torrents’ swarms.', {
    hint: 'Set torrent.enabled in its configuration.',
  })
}

/** What the manifest says is committed to by its CID; a magnet's info-hash is somebody's word, and all a bare root has. */
function swarmOf(
  { manifest, sliceCount, leafBytes: byteLength }: ResolvedContent,
  magnet: ReturnType<typeof parseMagnet>,
): Swarm | undefined {
  const infoHash = manifest?.infoHash ?? magnet?.infoHash
  if (infoHash === undefined) return undefined
  const { trackers = [], peers = [] } = magnet ?? {}
  return { infoHash: infoHash.slice(2), trackers, peers, layout: { sliceCount, byteLength } }
}
