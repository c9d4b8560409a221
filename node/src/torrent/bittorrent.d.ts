/** The parts of the BitTorrent libraries that are used here; they come without types of their own. */

declare module 'bittorrent-protocol' {
  import type { EventEmitter } from 'node:events'

  export type Respond = (error: Error | null, block?: Uint8Array) => void
  export type WireExtension = new (wire: Wire) => {
    onExtendedHandshake?(handshake: Record<string, unknown>): void
    onMessage?(message: Uint8Array): void
  }

  export default class Wire extends EventEmitter {
    constructor(type?: string)
    readonly peerId: string | null
    readonly amChoking: boolean
    readonly requests: readonly unknown[]
    readonly peerRequests: readonly unknown[]
    readonly peerExtendedMapping: Record<string, number>
    /** The extensions in use, by the number under which the peer speaks them. */
    readonly extendedMapping: Readonly<Record<number, string>>
    extendedHandshake: Record<string, unknown>
    handshake(infoHash: string, peerId: string, extensions?: { dht?: boolean; fast?: boolean }): void
    use(extension: WireExtension): void
    bitfield(bits: Uint8Array): void
    interested(): void
    unchoke(): void
    request(
      piece: number,
      offset: number,
      length: number,
      answer: (error: Error | null, block: Uint8Array) => void,
    ): void
    piece(piece: number, offset: number, block: Uint8Array): void
    cancel(piece: number, offset: number, length: number): void
    extended(extension: string, message: Uint8Array): void
    destroy(): void
    end(): this
    protected readonly _ext: Readonly<Record<string, { onExtendedHandshake(handshake: Record<string, unknown>): void }>>
    /** Bytes that the parser has, and those that it needs to go on. */
    protected readonly _bufferSize: number
    protected readonly _parserSize: number
    protected _write(data: Uint8Array, done: () => void): void
    protected _push(data: Uint8Array): void
    protected _onMessageLength(buffer: Uint8Array): void
    protected _onExtended(extension: number, message: Uint8Array): void
  }
}

declare module 'bittorrent-tracker/client' {
  import type { EventEmitter } from 'node:events'

  export type TrackerAnnouncement = { left: number; numwant: number }

  export type TrackerClientOptions = {
    infoHash: string
    peerId: string
    announce: readonly string[]
    port: number
  }

  /** Emits `peer` (an address), `update` when a tracker answered, `warning` and `error`. */
  export default class Client extends EventEmitter<{
    peer: [string]
    update: [unknown]
    warning: [Error]
    error: [Error]
  }> {
    constructor(options: TrackerClientOptions)
    start(announcement: TrackerAnnouncement): void
    update(announcement: TrackerAnnouncement): void
    stop(announcement: TrackerAnnouncement): void
    destroy(done?: () => void): void
  }
}

declare module 'bittorrent-tracker/server' {
  import type { EventEmitter } from 'node:events'
  import type { Server as HttpServer } from 'node:http'

  export type TrackerServerOptions = {
    http?: boolean
    udp?: boolean
    ws?: boolean
    stats?: boolean
    interval?: number
    peersCacheLength?: number
    filter?: (infoHash: string, params: unknown, answer: (refusal: Error | null) => void) => void
  }

  export default class Server extends EventEmitter {
    constructor(options: TrackerServerOptions)
    readonly http: HttpServer
    readonly torrents: Readonly<Record<string, unknown>>
    listen(port: number, host: string, listening: () => void): void
    close(closed: () => void): void
  }
}

declare module 'ut_metadata' {
  import type { EventEmitter } from 'node:events'
  import type { WireExtension } from 'bittorrent-protocol'

  /** Emits `metadata` once the info dictionary is here and has the hash, `warning` where it cannot be had. */
  export type UtMetadata = EventEmitter & { readonly metadata: Uint8Array; fetch(): void }
  export default function utMetadata(): WireExtension
}

declare module 'bencode' {
  const bencode: {
    encode(value: unknown): Uint8Array
    decode(bytes: Uint8Array): unknown
  }
  export default bencode
}
