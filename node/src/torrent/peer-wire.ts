import type { Duplex } from 'node:stream'
import Wire from 'bittorrent-protocol'
import { SluiceError } from '@sluice/sdk'
import { MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import { readBencodedDictionary } from './bencode-reader.ts'
import type { Bencoded, BencodedDictionary } from './bencode-reader.ts'

/** A BitTorrent connection over a socket (TCP or WebRTC), with the socket's back-pressure. */
export type PeerWire = {
  readonly wire: Wire
  /** Has what `send` puts on the wire leave in one piece; resolves when the socket has room for more. */
  batch(send: () => void): Promise<void>
  /** Closes in order, after what was sent; breaks the connection where the peer takes too long over it. */
  close(): void
  /** Breaks the connection at once. */
  abort(reason?: Error): void
  /** Resolves when the connection has ended: with the reason, where it broke. */
  readonly closed: Promise<Error | undefined>
}

/** Longest message: a frame of the exchange or a bitfield, and what is in front of it. */
const MAX_MESSAGE = MAX_FRAME_BYTES + 64
/** What may wait to leave, in bytes: the answers to one read of requests, for pieces that are held (2 MiB), each twice. */
const MAX_UNSENT = 16 * 1024 * 1024
/** How long a peer has to take what was sent before the connection closed, and to close its end. */
const CLOSE_MS = 5000
/** How long it has to take what waits to leave, so that its place is free again: 256 KiB at 35 kbit/s. */
const DRAIN_MS = 60_000
/** Longest extended handshake (BEP 10); those of clients in use have some hundred bytes. */
const MAX_EXTENDED_HANDSHAKE = 4096
const EXTENDED_HANDSHAKE = 0

/**
 * The library's parser and encoder without its streams: what arrives is parsed at once, so that a peer that makes the
 * parser throw loses its connection and nobody else's; what is sent goes straight to the socket, whose room is then known.
 */
class SocketWire extends Wire {
  readonly #socket: Pick<Duplex, 'write' | 'writable' | 'destroy'>

  #greeted = false

  readonly #unread = createBytes()

  constructor(socket: Pick<Duplex, 'write' | 'writable' | 'destroy'>) {
    super()
    this.#socket = socket
  }

  /** The library copies all that it has of a message with each part that comes, so it is given what it waits for at once. */
  receive(data: Uint8Array): void {
    const isWhole = this._bufferSize + this.#unread.length() + data.length >= this._parserSize
    if (isWhole && this.#unread.length() === 0) return this._write(data, ignore)
    this.#unread.add(data)
    if (isWhole) this._write(this.#unread.take(), ignore)
  }

  protected override _push(data: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(data)
  }

  /** How the library gives up on a peer that does not speak its protocol. */
  override end(): this {
    this.#socket.destroy()
    return super.end()
  }

  /** The library takes messages of any length: a peer that announces gigabytes would fill the memory. */
  protected override _onMessageLength(buffer: Uint8Array): void {
    const length = new DataView(buffer.buffer, buffer.byteOffset, 4).getUint32(0)
    if (length > MAX_MESSAGE) throw new SluiceError('FRAME_INVALID', `A message of ${length} bytes.`)
    super._onMessageLength(buffer)
  }

  /**
   * The library reads handshakes of any length, as often as they come, with a decoder that can be made to run for ever,
   * and keeps every name in them. Here the first counts, and of its extensions those that this side speaks.
   */
  protected override _onExtended(extension: number, message: Uint8Array): void {
    if (extension !== EXTENDED_HANDSHAKE) return super._onExtended(extension, message)
    if (this.#greeted) return
    this.#greeted = true
    const handshake = readBencodedDictionary(message, MAX_EXTENDED_HANDSHAKE)
    const shared = Object.values(this.extendedMapping).filter((name) => this.#learn(name, handshake['m']))
    for (const name of shared) this._ext[name]?.onExtendedHandshake(handshake)
    this.emit('extended', 'handshake', handshake)
  }

  /** Whether the peer speaks an extension too; its number is kept. */
  #learn(name: string, numbers: Bencoded | undefined): boolean {
    if (typeof numbers !== 'object' || !(name in numbers)) return false
    const number = (numbers as BencodedDictionary)[name]
    if (typeof number !== 'number' || number < 0 || number > 255) {
      throw new SluiceError('PROTOCOL_VIOLATION', `No number of an extension: ${name}.`)
    }
    if (number > 0) this.peerExtendedMapping[name] = number
    return number > 0
  }
}

export function createPeerWire(socket: Duplex): PeerWire {
  const wire = new SocketWire(socket)
  const closing = Promise.withResolvers<Error | undefined>()
  let failure: Error | undefined
  let patience: NodeJS.Timeout | undefined
  const abort = (reason?: Error): void => {
    failure ??= reason
    socket.destroy()
  }
  const drained = createDrain(socket, () => abort(new SluiceError('TIMEOUT', 'The peer takes no answers.')))
  socket.on('data', (chunk: Uint8Array) => {
    try {
      wire.receive(chunk)
      void drained()
      if (socket.writableLength > MAX_UNSENT) throw new SluiceError('PROTOCOL_VIOLATION', 'The peer takes no answers.')
      updateFlow(socket)
    } catch (error) {
      abort(error instanceof Error ? error : new Error(String(error)))
    }
  })
  socket.on('drain', () => updateFlow(socket))
  socket.on('error', (error) => (failure ??= error))
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    clearTimeout(patience)
    wire.destroy()
    closing.resolve(failure)
  })
  return {
    wire,
    batch: async (send) => {
      socket.cork()
      send()
      socket.uncork()
      await drained()
    },
    close: () => {
      socket.end()
      patience ??= setTimeout(abort, CLOSE_MS).unref()
    },
    abort,
    closed: closing.promise,
  }
}

/** No more is read from a peer that does not take the answers: what it asks for would wait in the memory. */
function updateFlow(socket: Duplex): void {
  if (socket.writableNeedDrain) socket.pause()
  else socket.resume()
}

/** Waits until the peer took what was sent, or the connection ended; `giveUp` is called where that takes too long. */
function createDrain(socket: Duplex, giveUp: () => void): () => Promise<void> {
  let waiting: PromiseWithResolvers<void> | undefined
  let patience: NodeJS.Timeout | undefined
  const settle = (): void => {
    clearTimeout(patience)
    waiting?.resolve()
    waiting = undefined
  }
  socket.on('drain', settle).on('close', settle)
  return async () => {
    if (!socket.writableNeedDrain) return
    if (waiting === undefined) {
      waiting = Promise.withResolvers()
      patience = setTimeout(giveUp, DRAIN_MS).unref()
    }
    await waiting.promise
  }
}

/** Bytes that come in parts, in a buffer that doubles: what many small ones cost is that of the bytes. */
function createBytes() {
  let bytes = new Uint8Array()
  let length = 0
  return {
    length: () => length,
    add: (part: Uint8Array): void => {
      const needed = length + part.length
      if (needed > bytes.length) {
        const larger = new Uint8Array(Math.max(needed, 2 * bytes.length))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(part, length)
      length = needed
    },
    take: (): Uint8Array => {
      const all = bytes.subarray(0, length)
      bytes = new Uint8Array()
      length = 0
      return all
    },
  }
}

function ignore(): void {}
