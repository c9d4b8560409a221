import { LEAF_BYTES, leafSizeAt } from '@sluice/sdk/content'

/** What BitTorrent asks for at once; a slice, which is a piece of the torrent, has sixteen. */
export const BLOCK_BYTES = 16_384

export type Block = { readonly piece: number; readonly offset: number; readonly length: number }

/** How a content's bytes lie in its torrent. */
export type Layout = { readonly sliceCount: number; readonly byteLength: number }

/** Bytes of a piece; every one but the last is as long as a leaf. */
export function pieceLength(piece: number, { byteLength }: Layout): number {
  return leafSizeAt(piece, byteLength)
}

/** The blocks of a piece as every client cuts it; an empty piece has none. */
export function blocksOf(piece: number, layout: Layout): Block[] {
  const length = pieceLength(piece, layout)
  return Array.from({ length: Math.ceil(length / BLOCK_BYTES) }, (_, block) => {
    const offset = block * BLOCK_BYTES
    return { piece, offset, length: Math.min(BLOCK_BYTES, length - offset) }
  })
}

/** Whether a stranger asks for one of the blocks that {@link blocksOf} names. */
export function isBlock({ piece, offset, length }: Block, layout: Layout): boolean {
  const inside = Number.isInteger(piece) && piece >= 0 && piece < layout.sliceCount
  if (!inside || offset < 0 || offset >= LEAF_BYTES || offset % BLOCK_BYTES !== 0) return false
  return length > 0 && length === Math.min(BLOCK_BYTES, pieceLength(piece, layout) - offset)
}

/** Number of a block within its piece. */
export function blockNumber({ offset }: Block): number {
  return offset / BLOCK_BYTES
}

/** A bitfield in BitTorrent's order: the highest bit first, where ours has the lowest. */
export function toWireBits(bits: Uint8Array): Uint8Array {
  return bits.map((byte) => {
    let reversed = 0
    for (let bit = 0; bit < 8; bit += 1) reversed |= ((byte >> bit) & 1) << (7 - bit)
    return reversed
  })
}
