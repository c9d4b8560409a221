import type { FrameChannel } from '@sluice/sdk/exchange'
import { LEAF_BYTES } from '@sluice/sdk/content'
import { decodeFrame, encodeSlice } from '@sluice/sdk/wire'
import { blocksOf, isBlock, pieceLength } from './blocks.ts'
import type { Layout } from './blocks.ts'
import type { ExchangeFrames } from './exchange-extension.ts'
import type { PeerWire } from './peer-wire.ts'

/** Stands for a piece that is still to come; never written to. */
const NO_DATA = new Uint8Array(LEAF_BYTES)
/** Room for what goes before a slice's data, and longest frame that says that one is free, in bytes. */
const HEAD_ROOM = 32

/** Pieces at most that were taken back and may come all the same: as many as may be wanted at once. */
const MAX_CANCELLED = 64

/** A piece on its way: its blocks are copied into the frame that the exchange's machine will read. */
type Assembly = {
  /** From the first block on: {@link HEAD_ROOM}, and the data. */
  frame?: Uint8Array
  /** Where the blocks begin that are still to come. */
  readonly missing: Set<number>
  /** Taken back: where the price was owed before the seeder heard of it, the piece comes all the same, and is paid. */
  isCancelled: boolean
  /** The seeder said so before it sent blocks, since the piece was wanted last. */
  isFree: boolean
}

/**
 * The fetcher's end of the exchange over a BitTorrent connection. Want and Cancel become requests for blocks, the blocks of
 * a piece become its Slice; all other frames travel as they are.
 */
export function fetcherChannel(
  peer: PeerWire,
  { queue, send, intercept }: ExchangeFrames,
  layout: Layout,
): FrameChannel {
  const pieces = createAssemblies(peer, queue, layout)
  intercept((frame) => {
    const index = frame.length <= HEAD_ROOM ? freeIndexOf(frame) : undefined
    if (index !== undefined) pieces.free(index)
    return index !== undefined
  })
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
    const known = assemblies.get(piece)
    if (known?.isCancelled === false) return
    const blocks = blocksOf(piece, layout)
    // A piece of no bytes is here as soon as it is wanted.
    if (blocks.length === 0) return void queue.push(finishFrame(piece, new Uint8Array(HEAD_ROOM), false))
    const missing = known?.missing ?? new Set(blocks.map(({ offset }) => offset))
    const assembly: Assembly = known ?? { missing, isCancelled: false, isFree: false }
    Object.assign(assembly, { isCancelled: false, isFree: false })
    assemblies.set(piece, assembly)
    for (const { offset, length } of blocks) {
      if (missing.has(offset)) wire.request(piece, offset, length, (error) => error !== null && drop(piece, assembly))
    }
  }

  /** Also takes what nobody asks for any more: the seeder sends it where it is owed. */
  function take(piece: number, offset: number, block: Uint8Array): void {
    const assembly = assemblies.get(piece)
    if (!isBlock({ piece, offset, length: block.length }, layout) || assembly?.missing.delete(offset) !== true) return
    const frame = (assembly.frame ??= new Uint8Array(HEAD_ROOM + pieceLength(piece, layout)))
    frame.set(block, HEAD_ROOM + offset)
    if (assembly.missing.size > 0) return
    assemblies.delete(piece)
    if (!queue.push(finishFrame(piece, frame, assembly.isFree))) peer.abort()
  }

  /** A request that is refused says so in a Denied of its own, or the connection ends. */
  function drop(piece: number, assembly: Assembly): void {
    if (!assembly.isCancelled && assemblies.get(piece) === assembly) assemblies.delete(piece)
  }

  /** Once a block came, the piece is owed: then it is waited for. */
  function cancel(piece: number): void {
    const assembly = assemblies.get(piece)
    if (assembly === undefined || assembly.isCancelled || assembly.frame !== undefined) return
    assembly.isCancelled = true
    for (const { offset, length } of blocksOf(piece, layout)) wire.cancel(piece, offset, length)
    assemblies.delete(piece)
    const cancelled = [...assemblies].filter(([, { isCancelled }]) => isCancelled)
    if (cancelled.length >= MAX_CANCELLED) for (const [oldest] of cancelled.slice(0, 1)) assemblies.delete(oldest)
    assemblies.set(piece, assembly)
  }

  function free(piece: number): void {
    const assembly = assemblies.get(piece)
    if (assembly !== undefined) assembly.isFree = true
  }

  wire.on('piece', take)
  return { want, cancel, free }
}

/** The Slice of a piece whose bytes stand behind the room for what goes before them. */
function finishFrame(index: number, frame: Uint8Array, isFree: boolean): Uint8Array {
  const data = NO_DATA.subarray(0, frame.length - HEAD_ROOM)
  const [head] = encodeSlice({ type: 'slice', index, data, ...(isFree && { free: true }) })
  const start = HEAD_ROOM - head.length
  frame.set(head, start)
  return frame.subarray(start)
}

/** Which piece a frame says nothing is owed for; undefined where it says something else. */
function freeIndexOf(bytes: Uint8Array): number | undefined {
  const frame = decodeFrame(bytes)
  return frame.type === 'slice' && frame.free === true && frame.data.length === 0 ? frame.index : undefined
}
