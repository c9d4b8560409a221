import type { Duplex } from 'node:stream'
import { SluiceError } from '@sluice/sdk'
import type { SliceService } from '../protocols/slice/index.ts'
import type { Store, StoredContent } from '../store/index.ts'
import { toWireBits } from './blocks.ts'
import type { TorrentContents } from './contents.ts'
import { SERVING_BOUND, useExchange } from './exchange-extension.ts'
import { infoLength } from './info.ts'
import type { InfoCache } from './info.ts'
import { useMetadata } from './metadata-extension.ts'
import { createPeerWire } from './peer-wire.ts'
import type { PeerWire } from './peer-wire.ts'
import { seederChannel } from './seeder-channel.ts'

export type SeedingOptions = {
  readonly contents: TorrentContents
  readonly info: InfoCache
  readonly store: Store
  readonly serve: SliceService['serve']
  /** This node as BitTorrent knows it, 20 bytes in hex, and as libp2p does. */
  readonly identity: { readonly wireId: string; readonly peerId: string }
}

/** What a peer has to say whom it looks for, and one without the exchange to read the info dictionary. */
const HANDSHAKE_MS = 10_000
const PLAIN_MS = 30_000

/**
 * Serves one BitTorrent connection until it ends. A peer that speaks the exchange is served by the same machine, ports and
 * ledger as over any other transport; one that does not stays choked, and gets the info dictionary and no piece.
 */
export async function servePeer(
  options: SeedingOptions,
  socket: Duplex,
  remote: { readonly addressPrefix: string },
): Promise<void> {
  const peer = createPeerWire(socket)
  const giveUp = (): void => peer.abort(new SluiceError('TIMEOUT', 'The peer asks for nothing that is sold here.'))
  let patience = setTimeout(giveUp, HANDSHAKE_MS)
  const meet = (wanted: string): void => {
    clearTimeout(patience)
    patience = setTimeout(giveUp, PLAIN_MS)
    greet(options, peer, wanted, (channelOf) => {
      clearTimeout(patience)
      void options.serve(channelOf(), { transport: 'torrent', ...remote })
    })
  }
  peer.wire.once('handshake', meet)
  try {
    await peer.closed
  } finally {
    clearTimeout(patience)
  }
}

/** Answers a handshake, and says what is here. */
function greet(
  { contents, info, store, identity }: SeedingOptions,
  peer: PeerWire,
  infoHash: string,
  onExchange: (channelOf: () => ReturnType<typeof seederChannel>) => void,
): void {
  const content = contents.find(infoHash)
  const has = content === undefined ? undefined : store.has(content.root)
  if (content === undefined || has === undefined) return peer.abort()
  const { wire } = peer
  const meet = (): void => onExchange(() => seederChannel(peer, frames, content))
  const frames = useExchange(peer, meet, SERVING_BOUND)
  const length = isWhole(content) ? infoLength(content) : undefined
  if (length !== undefined) useMetadata(peer, { length, read: () => info.read(content, infoHash) })
  Object.assign(wire.extendedHandshake, describeNode(identity.peerId, content))
  wire.handshake(infoHash, identity.wireId, { fast: true })
  wire.bitfield(toWireBits(has))
}

/** What our own clients need to know before they say Hello; nothing of it is believed without the terms' signature. */
function describeNode(peerId: string, { manifestCid }: StoredContent): Record<string, string> {
  return { v: 'Sluice', sluice_peer: peerId, sluice_manifest: manifestCid }
}

function isWhole({ have, sliceCount }: StoredContent): boolean {
  return have === sliceCount
}
