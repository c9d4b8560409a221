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
  /** No bytes are taken from the socket while it is paused. */
  pause(): void
  resume(): void
  /** Closes in order, after what was sent. */
  close(): void
  /** Breaks the connection at once. */
  abort(reason?: Error): void
  /** Resolves when the connection has ended: with the reason, where it broke. */
  readonly closed: Promise<Error | undefined>
}

/** Longest message: a frame of the exchange or a bitfield, and what is in front of it. */
const MAX_MESSAGE = MAX_FRAME_BYTES + 64
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

  constructor(socket: Pick<Duplex, 'write' | 'writable' | 'destroy'>) {
    super()
    this.#socket = socket
  }

  receive(data: Uint8Array): void {
    this._write(data, ignore)
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
  let draining: Promise<void> | undefined
  const abort = (reason?: Error): void => {
    failure ??= reason
    socket.destroy()
  }
  socket.on('data', (chunk: Uint8Array) => {
    try {
      wire.receive(chunk)
    } catch (error) {
      abort(error instanceof Error ? error : new Error(String(error)))
    }
  })
  socket.on('error', (error) => (failure ??= error))
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    wire.destroy()
    closing.resolve(failure)
  })
  return {
    wire,
    batch: async (send) => {
      socket.cork()
      send()
      socket.uncork()
      if (socket.writableNeedDrain) await (draining ??= drained(socket).finally(() => (draining = undefined)))
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => void socket.end(),
    abort,
    closed: closing.promise,
  }
}

function drained(socket: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const settle = (): void => {
    socket.off('drain', settle).off('close', settle)
    resolve()
  }
  socket.once('drain', settle).once('close', settle)
  return promise
}

function ignore(): void {}
