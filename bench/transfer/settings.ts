/** What can be chosen of WebTorrent; README.md says what was tried. */
export type TorrentSettings = {
  readonly pieceBytes: number
  /** Whether pieces to send are read from the file each time, or are all in memory. */
  readonly seedFrom: 'file' | 'memory'
  /** 0: in the clear; 1: an obfuscated handshake; 2: RC4 throughout. */
  readonly secure: 0 | 1 | 2
}

export const BEST_TORRENT: TorrentSettings = { pieceBytes: 2 ** 20, seedFrom: 'memory', secure: 0 }

/** What can be chosen of Helia; README.md says what was tried. */
export type HeliaSettings = {
  readonly blockBytes: number
  readonly encryption: 'tls' | 'noise'
  /** Whether blocks are asked of the one provider in a session, or of everyone who is connected. */
  readonly session: boolean
  /** Blocks that are asked for at a time; all when left out, as Helia does. */
  readonly concurrency?: number
  /** Whether a seeder may let wants wait instead of dropping them after ten messages, and is asked without delay. */
  readonly eager: boolean
}

export const BEST_HELIA: HeliaSettings = {
  blockBytes: 2 ** 20,
  encryption: 'tls',
  session: true,
  concurrency: 16,
  eager: true,
}
