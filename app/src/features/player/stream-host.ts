import { CLAIM, STREAM_PATH } from '../../sw/messages.ts'
import type { StreamChunk, StreamCommand, StreamHead, StreamRequest } from '../../sw/messages.ts'

/** Something that the Service Worker can serve from this page. */
export type StreamResource = {
  readonly size: number
  readonly mime: string
  readonly name: string
  /** Plaintext bytes `[start, end)`, made only as fast as they are read. */
  readonly read: (start: number, end: number, signal: AbortSignal) => AsyncIterable<Uint8Array, undefined>
}

export type HostedStream = { readonly url: string; readonly saveUrl: string; readonly close: () => void }

type Hosted = { readonly resource: StreamResource; readonly signal: AbortSignal }

const streams = new Map<string, Hosted>()

/**
 * Gives a resource a URL of this origin, for a player, an image or a download, until it is closed.
 * @throws Error where the browser has no Service Worker (it needs https or 127.0.0.1).
 */
export async function hostStream(resource: StreamResource): Promise<HostedStream> {
  await startWorker()
  const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), hexByte).join('')
  const controller = new AbortController()
  streams.set(token, { resource, signal: controller.signal })
  return {
    url: STREAM_PATH + token,
    saveUrl: `${STREAM_PATH}${token}/save`,
    close: () => {
      streams.delete(token)
      controller.abort()
    },
  }
}

let starting: Promise<void> | undefined

function startWorker(): Promise<void> {
  starting ??= register().catch((error: unknown) => {
    starting = undefined
    throw error
  })
  return starting
}

async function register(): Promise<void> {
  if (!('serviceWorker' in navigator)) {
    throw new Error('Playing needs a Service Worker: open this page over https, or on 127.0.0.1.')
  }
  const { serviceWorker } = navigator
  serviceWorker.addEventListener('message', answer)
  await serviceWorker.register('/sw.js')
  const { active } = await serviceWorker.ready
  if (serviceWorker.controller !== null) return
  const { promise: controlled, resolve } = Promise.withResolvers<void>()
  serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
  active?.postMessage(CLAIM)
  await controlled
}

function answer({ data, ports }: MessageEvent<Partial<StreamRequest> | undefined>): void {
  const [port] = ports
  if (data?.type !== 'sluice/stream' || data.token === undefined || port === undefined) return
  const hosted = streams.get(data.token)
  if (hosted === undefined) return send(port, { type: 'missing' })
  const { size, mime, name } = hosted.resource
  send(port, { type: 'head', size, mime, name })
  serve(port, hosted)
}

/** Answers one request: reads when asked to, stops when told to. */
function serve(port: MessagePort, { resource, signal }: Hosted): void {
  const controller = new AbortController()
  const either = AbortSignal.any([signal, controller.signal])
  let chunks: AsyncIterator<Uint8Array, undefined> | undefined
  port.onmessage = ({ data }: MessageEvent<StreamCommand>) => {
    if (data.type === 'start') chunks = resource.read(data.start, data.end, either)[Symbol.asyncIterator]()
    if (data.type === 'pull' && chunks !== undefined) void deliver(port, chunks)
    if (data.type !== 'cancel') return
    controller.abort()
    port.close()
  }
}

async function deliver(port: MessagePort, chunks: AsyncIterator<Uint8Array, undefined>): Promise<void> {
  try {
    const next = await chunks.next()
    if (next.done === true) {
      send(port, { type: 'end' })
      return
    }
    // A copy of exactly this chunk, which then changes hands without another one.
    const bytes = next.value.slice().buffer
    port.postMessage({ type: 'chunk', bytes } satisfies StreamChunk, [bytes])
  } catch (error) {
    send(port, { type: 'error', message: error instanceof Error ? error.message : 'The stream broke off.' })
  }
}

function send(port: MessagePort, message: StreamHead | StreamChunk): void {
  port.postMessage(message)
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
