import type { Respond } from 'bittorrent-protocol'
import { SluiceError } from '@sluice/sdk'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { decodeFrame, encodeFrame, readSliceHead } from '@sluice/sdk/wire'
import type { Frame, SliceRange } from '@sluice/sdk/wire'
import { blockNumber, blocksOf, isBlock } from './blocks.ts'
import type { Block, Layout } from './blocks.ts'
import { EXCHANGE_EXTENSION } from './exchange-extension.ts'
import type { ExchangeFrames } from './exchange-extension.ts'
import type { PeerWire } from './peer-wire.ts'

type Asked = { readonly block: Block; readonly respond: Respond }

/** A piece that the peer asked for: its blocks that wait, and its bytes once the exchange let go of them. */
type Piece = {
  waiting: Asked[]
  data?: Uint8Array
  /** The exchange is sending it, and would not hear another Want of it: who asks again is answered from here. */
  isLeaving: boolean
  /** Nothing is owed for it. */
  isFree: boolean
  /** How often each block was sent. */
  readonly sent: Uint8Array
}

/** Requests that may wait at once: as many blocks as slices may be asked for over the exchange. */
const MAX_WAITING = 64 * 16
/** Pieces that were paid for and not fetched to the end, 2 MiB; the oldest goes first. */
const MAX_HELD = 8
/** How often a block of one piece is sent for its price, and where it has none: what is given away is counted once. */
const MAX_SENT = 2
const MAX_SENT_FREE = 1
/** The exchange has one offer per connection. */
const TERMS_ID = 1

/**
 * The seeder's end of the exchange over a BitTorrent connection. The first request for a block of a piece is a Want of that
 * slice; when the exchange sends the slice, which is when its price is owed, its blocks leave, each as it is asked for. The
 * peer is choked until the exchange has sent its terms.
 */
export function seederChannel(peer: PeerWire, frames: ExchangeFrames, layout: Layout): FrameChannel {
  const connection: Connection = {
    peer,
    layout,
    pieces: new Map(),
    denied: new Set(),
    maxSent: MAX_SENT_FREE,
    tell: (frame) => {
      if (!frames.queue.push(encodeFrame(frame))) peer.abort()
    },
  }
  peer.wire.on('request', (piece: number, offset: number, length: number, respond: Respond) =>
    ask(connection, { piece, offset, length }, respond),
  )
  peer.wire.on('cancel', (piece: number, offset: number) => takeBack(connection, { piece, offset }))
  return {
    frames: frames.queue.frames,
    send: async (bytes, body) => {
      if (body !== undefined) return release(connection, readSliceHead(bytes), body)
      const frame = decodeFrame(bytes)
      if (frame.type === 'terms') {
        connection.maxSent = frame.price > 0n ? MAX_SENT : MAX_SENT_FREE
        peer.wire.unchoke()
      }
      if (frame.type === 'denied' && frame.index !== undefined) refuse(connection, frame.index)
      await frames.send(bytes)
    },
    close: () => {
      peer.close()
      return Promise.resolve()
    },
    abort: (reason) => {
      frames.queue.fail(reason)
      peer.abort(reason)
    },
  }
}

/** What a peer asked for and what it may have of it. */
type Connection = {
  readonly peer: PeerWire
  readonly layout: Layout
  readonly pieces: Map<number, Piece>
  /** Denied to this connection: what else is asked of them, or is on its way, is not worth another question. */
  readonly denied: Set<number>
  /** How often a block is sent on the terms that were agreed. */
  maxSent: number
  readonly tell: (frame: Frame) => void
}

function ask(connection: Connection, block: Block, respond: Respond): void {
  const { peer, layout, pieces, denied, tell } = connection
  if (!isBlock(block, layout) || peer.wire.peerRequests.length > MAX_WAITING) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The peer asks for what is no block, or for too many.')
  }
  if (denied.has(block.piece)) return respond(REFUSED)
  const known = pieces.get(block.piece)
  const piece = known ?? createPiece(block.piece, layout)
  piece.waiting.push({ block, respond })
  pieces.set(block.piece, piece)
  if (piece.data !== undefined) return void send(connection, block.piece, piece)
  if (known === undefined) tell({ type: 'want', termsId: TERMS_ID, ranges: only(block.piece), priority: 0 })
}

/** Nothing of a piece is wanted any more: unless it is on its way already, nothing is owed for it either. */
function takeBack({ pieces, tell }: Connection, { piece: index, offset }: Pick<Block, 'piece' | 'offset'>): void {
  const piece = pieces.get(index)
  if (piece === undefined) return
  piece.waiting = piece.waiting.filter(({ block }) => block.offset !== offset)
  if (piece.waiting.length > 0 || piece.data !== undefined) return
  pieces.delete(index)
  tell({ type: 'cancel', ranges: only(index) })
}

async function release(
  connection: Connection,
  { index, free }: ReturnType<typeof readSliceHead>,
  data: Uint8Array,
): Promise<void> {
  const { pieces, layout } = connection
  const known = pieces.get(index)
  const piece = known ?? createPiece(index, layout)
  pieces.set(index, piece)
  Object.assign(piece, { data, isLeaving: true, isFree: free })
  await (known === undefined && maxSentOf(connection, piece) > MAX_SENT_FREE
    ? sendUnasked(connection, index, data)
    : send(connection, index, piece))
  piece.isLeaving = false
  forgetIfSent(connection, index, piece)
  holdNoMoreThan(pieces, MAX_HELD)
}

/**
 * A piece that was taken back when its price was owed already comes all the same, or the client would owe what it cannot know
 * of. It is kept as one of which nothing was sent: who wants it again meanwhile is not asked for another price.
 */
function sendUnasked({ peer, layout }: Connection, index: number, data: Uint8Array): Promise<void> {
  return peer.batch(() => {
    for (const { offset, length } of blocksOf(index, layout)) {
      peer.wire.piece(index, offset, data.subarray(offset, offset + length))
    }
  })
}

function refuse({ pieces, denied }: Connection, index: number): void {
  for (const { respond } of pieces.get(index)?.waiting ?? []) respond(REFUSED)
  pieces.delete(index)
  denied.add(index)
}

function send(connection: Connection, index: number, piece: Piece): Promise<void> {
  const { peer } = connection
  return peer.batch(() => {
    // Blocks cannot say it: a Slice without its data goes before them.
    if (piece.isFree && piece.waiting.length > 0) peer.wire.extended(EXCHANGE_EXTENSION, sayFree(index))
    answer(piece, maxSentOf(connection, piece))
    forgetIfSent(connection, index, piece)
  })
}

function forgetIfSent({ pieces }: Connection, index: number, { sent, isLeaving }: Piece): void {
  if (!isLeaving && sent.every((times) => times > 0)) pieces.delete(index)
}

function maxSentOf({ maxSent }: Connection, { isFree }: Piece): number {
  return isFree ? MAX_SENT_FREE : maxSent
}

function sayFree(index: number): Uint8Array {
  return encodeFrame({ type: 'slice', index, data: new Uint8Array(), free: true })
}

const REFUSED = new Error('refused')
const only = (index: number): SliceRange[] => [{ first: index, last: index }]

function createPiece(index: number, layout: Layout): Piece {
  return { waiting: [], isLeaving: false, isFree: false, sent: new Uint8Array(blocksOf(index, layout).length) }
}

/** Sends what waits of a piece whose bytes are here. */
function answer({ data, sent, waiting }: Piece, maxSent: number): void {
  for (const { block, respond } of waiting.splice(0)) {
    const times = sent[blockNumber(block)] ?? 0
    if (data === undefined || times >= maxSent) respond(REFUSED)
    else {
      sent[blockNumber(block)] = times + 1
      respond(null, data.subarray(block.offset, block.offset + block.length))
    }
  }
}

function holdNoMoreThan(pieces: Map<number, Piece>, most: number): void {
  const held = [...pieces].filter(([, { data, isLeaving }]) => data !== undefined && !isLeaving)
  for (const [index] of held.slice(0, Math.max(held.length - most, 0))) pieces.delete(index)
}
