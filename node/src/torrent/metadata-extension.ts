import bencode from 'bencode'
import { concatBytes } from 'viem'
import { SluiceError } from '@sluice/sdk'
import { readBencodedDictionary } from './bencode-reader.ts'
import { BLOCK_BYTES } from './blocks.ts'
import { named } from './exchange-extension.ts'
import type { PeerWire } from './peer-wire.ts'

const METADATA_EXTENSION = 'ut_metadata'
const [REQUEST, DATA, REJECT] = [0, 1, 2] as const
/** How often each part of the info dictionary is given to one peer. */
const MAX_TIMES = 2
/** Longest request, in bytes: two numbers, and what a client may add to them. */
const MAX_REQUEST = 256

export type Metadata = {
  readonly length: number
  readonly read: () => Promise<Uint8Array>
}

/** Gives the info dictionary to whoever asks (BEP 9): it is public, like the manifest, and opens nothing. */
export function useMetadata(peer: PeerWire, { length, read }: Metadata): void {
  const { wire } = peer
  const parts = Math.ceil(length / BLOCK_BYTES)
  let left = parts * MAX_TIMES
  let info: Promise<Uint8Array> | undefined
  /** One answer after the other: the next is made when the socket has room for it. */
  let turn = Promise.resolve()

  async function answer(piece: number): Promise<void> {
    const bytes = await (info ??= read()).catch(() => undefined)
    const offset = piece * BLOCK_BYTES
    const message =
      bytes === undefined
        ? bencode.encode({ msg_type: REJECT, piece })
        : concatBytes([
            bencode.encode({ msg_type: DATA, piece, total_size: length }),
            bytes.subarray(offset, offset + BLOCK_BYTES),
          ])
    await peer.batch(() => wire.extended(METADATA_EXTENSION, message))
  }

  wire.extendedHandshake['metadata_size'] = length
  wire.use(
    named(
      class {
        onMessage(message: Uint8Array): void {
          const request = readRequest(message)
          if (request === undefined || wire.peerExtendedMapping[METADATA_EXTENSION] === undefined) return
          if (request >= parts || left === 0)
            throw new SluiceError('PROTOCOL_VIOLATION', 'No such part of the torrent.')
          left -= 1
          turn = turn
            .then(() => answer(request))
            .catch((error: unknown) => peer.abort(error instanceof Error ? error : undefined))
        }
      },
      METADATA_EXTENSION,
    ),
  )
}

/** The part that a message asks for; undefined where it is no request. */
function readRequest(message: Uint8Array): number | undefined {
  const { msg_type: type, piece } = readBencodedDictionary(message, MAX_REQUEST)
  return type === REQUEST && typeof piece === 'number' && piece >= 0 ? piece : undefined
}
