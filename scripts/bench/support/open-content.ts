import { createUploadSink } from '@sluice/node/api/upload-sink'
import type { NodeClient } from '@sluice/node/api/client'
import { publishOpen } from '@sluice/sdk/client'

/** Publishes bytes for everyone through a node, as `sluice publish --open` does. Returns the root CID. */
export async function publishBytes(node: NodeClient, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
  const { root } = await publishOpen({
    source: once(bytes),
    byteSize: bytes.length,
    attributes: ATTRIBUTES,
    sink: createUploadSink(node),
    signal,
  })
  return root
}

const ATTRIBUTES = {
  kind: 'file',
  name: 'bench.bin',
  title: 'Bench',
  description: '',
  mime: 'application/octet-stream',
  createdAt: 1_700_000_000,
} as const

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
