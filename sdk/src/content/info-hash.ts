import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import type { CID } from 'multiformats/cid'
import { sha1 } from './bytes.ts'
import { LEAF_BYTES } from './constants.ts'

/** Bytes of a SHA-1 digest, a torrent's unit. */
export const PIECE_HASH_BYTES = 20

export type TorrentInfo = {
  readonly root: CID
  /** Bytes of all leaves. */
  readonly byteLength: number
  /** SHA-1 of every leaf, 20 bytes each, end to end. */
  readonly pieces: Uint8Array
}

/**
 * The bencoded info dictionary of the torrent whose file is the leaves, concatenated: exactly
 * `{length, name: root CID, piece length, pieces}` (BEP 3), so that everybody finds the same swarm.
 */
export function encodeTorrentInfo({ root, byteLength, pieces }: TorrentInfo): Uint8Array {
  const name = root.toString()
  const head =
    `d6:lengthi${byteLength}e4:name${name.length}:${name}` + `12:piece lengthi${LEAF_BYTES}e6:pieces${pieces.length}:`
  return concatBytes(utf8ToBytes(head), pieces, utf8ToBytes('e'))
}

/** The torrent's info-hash, 20 bytes. */
export async function infoHashOf(info: TorrentInfo): Promise<Hex> {
  return bytesToHex(await sha1(encodeTorrentInfo(info)))
}
