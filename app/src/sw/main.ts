/// <reference lib="webworker" />
import { CLAIM, parseStreamPath } from './messages.ts'
import type { StreamChunk, StreamCommand, StreamHead, StreamRequest } from './messages.ts'
import { planResponse } from './response.ts'

declare const self: ServiceWorkerGlobalScope

/** How long a page may take to say whether a stream is its own; a page that sleeps must not hold up the others. */
const HEAD_TIMEOUT_MS = 10_000

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
// A page that was reloaded around the worker is not controlled by it until it asks.
self.addEventListener('message', (event) => {
  if (event.data === CLAIM) event.waitUntil(self.clients.claim())
})

// The worker keeps nothing: it may be stopped at any time, and whoever holds the stream is asked anew for each request.
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  const stream = url.origin === self.location.origin ? parseStreamPath(url.pathname) : undefined
  if (stream === undefined) return
  event.respondWith(answer(event, stream.token, stream.save))
})

async function answer(event: FetchEvent, token: string, save: boolean): Promise<Response> {
  if (event.request.method !== 'GET') return new Response(null, { status: 405, headers: { Allow: 'GET' } })
  const source = await findSource(event.clientId, token)
  if (source === undefined) return new Response('This stream has ended. Open the content again.', { status: 404 })
  const plan = planResponse(source.head, event.request.headers.get('range'), save)
  if (plan.status === 416) {
    source.port.close()
    return new Response(null, { status: 416, headers: plan.headers })
  }
  send(source.port, { type: 'start', start: plan.start, end: plan.end })
  return new Response(readPort(source.port), { status: plan.status, headers: plan.headers })
}

type Source = { port: MessagePort; head: Extract<StreamHead, { type: 'head' }> }

/**
 * Asks the page that makes the request, then, when it has none (a download) or does not know the stream, all the others;
 * the first that has it serves it.
 */
async function findSource(clientId: string, token: string): Promise<Source | undefined> {
  const own = await self.clients.get(clientId)
  const source = own === undefined ? undefined : await askHead(own, token)
  if (source !== undefined) return source
  const others = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return firstDefined(others.filter(({ id }) => id !== clientId).map((client) => askHead(client, token)))
}

function firstDefined<Value>(pending: Promise<Value | undefined>[]): Promise<Value | undefined> {
  const found = pending.map((promise) => promise.then((value) => value ?? Promise.reject(new Error('not here'))))
  return Promise.any(found).catch(() => undefined)
}

function askHead(client: Client, token: string): Promise<Source | undefined> {
  const { port1: port, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), HEAD_TIMEOUT_MS)
    const finish = (source: Source | undefined) => {
      clearTimeout(timer)
      port.onmessage = null
      if (source === undefined) port.close()
      resolve(source)
    }
    port.onmessage = ({ data }: MessageEvent<StreamHead>) =>
      finish(data.type === 'head' ? { port, head: data } : undefined)
    client.postMessage({ type: 'sluice/stream', token } satisfies StreamRequest, [port2])
  })
}

/** The page's chunks as a stream that asks for the next one only when the reader has room for it. */
function readPort(port: MessagePort): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise<void>((resolve) => {
          port.onmessage = ({ data }: MessageEvent<StreamChunk>) => {
            deliver(controller, port, data)
            resolve()
          }
          send(port, { type: 'pull' })
        }),
      cancel: () => {
        send(port, { type: 'cancel' })
        port.close()
      },
    },
    { highWaterMark: 0 },
  )
}

function deliver(controller: ReadableStreamDefaultController<Uint8Array>, port: MessagePort, data: StreamChunk): void {
  if (data.type === 'chunk') return controller.enqueue(new Uint8Array(data.bytes))
  if (data.type === 'end') controller.close()
  else controller.error(new Error(data.message))
  port.close()
}

function send(port: MessagePort, command: StreamCommand): void {
  port.postMessage(command)
}
