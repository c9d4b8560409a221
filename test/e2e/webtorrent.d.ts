/** The parts of WebTorrent that are used here; it comes without types of its own. */
declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'

  export type Wire = EventEmitter & {
    readonly peerPieces: { get(piece: number): boolean }
    request(piece: number, offset: number, length: number, answer: (error: Error | null) => void): void
  }

  export type Torrent = EventEmitter<{ wire: [Wire]; metadata: [] }> & {
    readonly name: string
    readonly pieceLength: number
    readonly pieces: readonly unknown[]
    readonly downloaded: number
    readonly progress: number
  }

  export default class WebTorrent {
    constructor(options: Record<string, boolean | number>)
    add(magnet: string, options: { path: string; destroyStoreOnDestroy: boolean }): Torrent
    destroy(destroyed: (error: unknown) => void): void
  }
}
