import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Writable } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { pEvent } from 'p-event'
import type { Host } from '../../../node/src/net/index.ts'
import { LEAF_BYTES } from '../../../sdk/src/content/index.ts'

/** The bare transports of the slice service, sending as many bytes of nothing as a content has. */
export const RAW_PROTOCOL = '/sluice/bench/raw/1.0.0'

/** A shared key instead of a certificate, which Node cannot make: what is compared is the same cipher over the records. */
export const TLS_OPTIONS = {
  ciphers: 'PSK-AES256-GCM-SHA384',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const
export const TLS_KEY = Buffer.alloc(32, 7)

const CHUNK = new Uint8Array(LEAF_BYTES).fill(1)

/** Sends `bytes` to whoever opens a stream of the host. */
export async function serveRawStreams(host: Host, bytes: number): Promise<void> {
  await host.handle(RAW_PROTOCOL, async (stream) => {
    for (let sent = 0; sent < bytes; sent += CHUNK.length) {
      if (!stream.send(CHUNK)) await pEvent(stream, 'drain', { rejectionEvents: ['close'] })
    }
    await stream.close()
  })
}

/** Sends `bytes` for every GET; returns the port. */
export async function serveHttp(bytes: number): Promise<number> {
  const server = createServer((_, response) => {
    response.setHeader('content-length', bytes)
    void pump(response, bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server.address())
}

/** Sends `bytes` over every connection; returns the port. */
export async function serveTls(bytes: number): Promise<number> {
  const server = createTlsServer({ ...TLS_OPTIONS, pskCallback: () => TLS_KEY }, (socket) => void pump(socket, bytes))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server.address())
}

async function pump(target: Writable, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) if (!target.write(CHUNK)) await once(target, 'drain')
  target.end()
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('not listening')
  return address.port
}
