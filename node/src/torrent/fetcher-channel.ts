import type { FrameChannel } from '@sluice/sdk/exchange'
import { LEAF_BYTES } from '@sluice/sdk/content'
import { decodeFrame, encodeSlice } from '@sluice/sdk/wire'
import { blocksOf, pieceLength } from './blocks.ts'
import type { Layout } from './blocks.ts'
import type { ExchangeFrames } from './exchange-extension.ts'
import type { PeerWire } from './peer-wire.ts'

/** Stands for a piece that is still to come; never written to. */
const NO_DATA = new Uint8Array(LEAF_BYTES)

/** A piece on its way: its blocks are copied into the frame that the exchange's machine will read. */
type Assembly = { readonly frame: Uint8Array; readonly dataAt: number; left: number; readonly total: number }

/**
 * The fetcher's end of the exchange over a BitTorrent connection. Want and Cancel become requests for blocks, the blocks of
 * a piece become its Slice; all other frames travel as they are.
 */
export function fetcherChannel(peer: PeerWire, { queue, send }: ExchangeFrames, layout: Layout): FrameChannel {
  const pieces = createAssemblies(peer, queue, layout)
  return {
    frames: queue.frames,
    send: async (bytes) => {
      const frame = decodeFrame(bytes)
      if (frame.type !== 'want' && frame.type !== 'cancel') return send(bytes)
      const act = frame.type === 'want' ? pieces.want : pieces.cancel
      await peer.batch(() => {
        for (const { first, last } of frame.ranges) for (let piece = first; piece <= last; piece += 1) act(piece)
      })
    },
    close: () => {
      peer.close()
      return Promise.resolve()
    },
    abort: (reason) => {
      queue.fail(reason)
      peer.abort(reason)
    },
  }
}

/** The pieces that are on their way. */
function createAssemblies(peer: PeerWire, queue: ExchangeFrames['queue'], layout: Layout) {
  const { wire } = peer
  const assemblies = new Map<number, Assembly>()

  function want(piece: number): void {
    if (assemblies.has(piece)) return
    const data = NO_DATA.subarray(0, pieceLength(piece, layout))
    const [head] = encodeSlice({ type: 'slice', index: piece, data })
    const frame = new Uint8Array(head.length + data.length)
    frame.set(head)
    const blocks = blocksOf(piece, layout)
    // A piece of no bytes is here as soon as it is wanted.
    if (blocks.length === 0) return void queue.push(frame)
    const assembly = { frame, dataAt: head.length, left: blocks.length, total: blocks.length }
    assemblies.set(piece, assembly)
    for (const { offset, length } of blocks) {
      wire.request(piece, offset, length, (error, block) => {
        if (error === null) take(piece, assembly, offset, block)
        else drop(piece, assembly)
      })
    }
  }

  function take(piece: number, assembly: Assembly, offset: number, block: Uint8Array): void {
    assembly.frame.set(block, assembly.dataAt + offset)
    assembly.left -= 1
    if (assembly.left > 0 || assemblies.get(piece) !== assembly) return
    assemblies.delete(piece)
    if (!queue.push(assembly.frame)) peer.abort()
  }

  /** A request that is refused says so in a Denied of its own, or the connection ends. */
  function drop(piece: number, assembly: Assembly): void {
    if (assemblies.get(piece) === assembly) assemblies.delete(piece)
  }

  /** Once a block came, the piece is owed: then it is waited for. */
  function cancel(piece: number): void {
    const assembly = assemblies.get(piece)
    if (assembly === undefined || assembly.left < assembly.total) return
    assemblies.delete(piece)
    for (const { offset, length } of blocksOf(piece, layout)) wire.cancel(piece, offset, length)
  }

  return { want, cancel }
}
