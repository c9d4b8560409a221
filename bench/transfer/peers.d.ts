/**
 * What is used here and in `test/e2e` of packages that have no types of their own, or that the root does not install: the
 * bench has to compile without them.
 */

declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'

  class WebTorrent extends EventEmitter {
    readonly torrentPort: number
    constructor(options: Readonly<Record<string, unknown>>)
    seed(input: string | Uint8Array, options: object, onSeed: (torrent: WebTorrent.Torrent) => void): void
    add(torrent: Uint8Array | string, options: object): WebTorrent.Torrent
    destroy(done: () => void): void
  }

  namespace WebTorrent {
    type Wire = EventEmitter & {
      readonly peerPieces: { get(piece: number): boolean }
      request(piece: number, offset: number, length: number, answer: (error: Error | null) => void): void
    }
    type Torrent = EventEmitter<{ wire: [Wire]; metadata: []; done: [] }> & {
      readonly name: string
      readonly pieceLength: number
      readonly pieces: readonly unknown[]
      readonly downloaded: number
      readonly progress: number
      readonly torrentFile: Uint8Array
      readonly files: readonly AsyncIterable<Uint8Array>[]
      addPeer(address: string): boolean
    }
  }

  export default WebTorrent
}

declare module 'memory-chunk-store' {
  const MemoryChunkStore: unknown
  export default MemoryChunkStore
}

declare module 'helia' {
  import type { CID } from 'multiformats/cid'
  import type { Multiaddr } from '@multiformats/multiaddr'

  export type Blocks = { get(cid: CID): AsyncIterable<Uint8Array> }
  export type Helia = {
    readonly blockstore: Blocks & { createSession(root: CID, options: { providers: readonly Multiaddr[] }): Blocks }
    start(): Promise<unknown>
    stop(): Promise<unknown>
  }
  export function createHeliaLight(): Helia
}

declare module '@helia/libp2p' {
  import type { Libp2p } from '@libp2p/interface'
  import type { Helia } from 'helia'
  import type { Libp2pOptions } from 'libp2p'

  export function withLibp2pLight(helia: Helia, options: Libp2pOptions): Helia & { readonly libp2p: Libp2p }
}

declare module '@helia/bitswap' {
  import type { Helia } from 'helia'

  export function withBitswap<H extends Helia>(helia: H, options: Readonly<Record<string, number>>): H
}

declare module '@helia/unixfs' {
  import type { Blocks } from 'helia'
  import type { CID } from 'multiformats/cid'

  export function unixfs(from: { readonly blockstore: Blocks }): {
    addByteStream(source: AsyncIterable<Uint8Array>, options: object): Promise<CID>
    cat(cid: CID, options: { blockReadConcurrency?: number }): AsyncIterable<Uint8Array>
  }
}
