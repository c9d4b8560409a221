import { SluiceError } from '@sluice/sdk'
import { resolveContent } from '@sluice/sdk/client'
import type { Consumer, ContentReference, Reader } from '@sluice/sdk/client'
import type { Access } from '@sluice/sdk/content'

/** What a stream has fetched and paid so far; amounts in base units of the payment token. */
export type StreamProgress = {
  readonly slices: number
  readonly bytes: number
  readonly paid: bigint
  readonly sources: readonly {
    readonly peerId: string
    readonly slices: number
    readonly paid: bigint
    /** Bytes per second. */
    readonly rate: number
  }[]
}

/** A content whose bytes can be had: found, verified, and with its keys if it needs any. */
export type ContentHandle = {
  readonly name: string
  readonly mime: string
  readonly access: Access
  /** Plaintext bytes. */
  readonly byteSize: number
  /** Plaintext from byte `start` to the end, fetched only as fast as it is read. */
  readonly stream: (options: {
    readonly start: number
    readonly signal: AbortSignal
    readonly onProgress: (progress: StreamProgress) => void
  }) => ReadableStream<Uint8Array>
}

export type OpenOptions = {
  readonly reference: ContentReference
  /** From 1; the latest when left out. */
  readonly version?: number
  readonly signal: AbortSignal
}

/** The one place where the dApp meets the sdk's client; everything else here works with the handle. */
export async function openContent(
  reader: Reader,
  _consumer: Consumer | undefined,
  { reference, signal, ...options }: OpenOptions,
): Promise<ContentHandle> {
  const resolved = await resolveContent(reader, reference, { signal, ...options })
  throw new SluiceError('NO_PROVIDERS', `Nobody serves ${resolved.root.toString()} to this page.`)
}
