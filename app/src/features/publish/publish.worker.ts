import { createNodeClient } from '@sluice/node/api/client'
import { SluiceError } from '@sluice/sdk'
import { preparePublication, publishOpen } from '@sluice/sdk/client'
import type { PublicationProgress } from '@sluice/sdk/client'
import { createUploadSink } from '@sluice/node/api/upload-sink'
import type { PublishJob, Published, WorkerCommand, WorkerReport } from './publish-job.ts'

/**
 * Seals and uploads off the main thread, so that the page stays responsive with files of any size. The content key is
 * made here and dealt here; it never reaches the page.
 */
const controller = new AbortController()

globalThis.addEventListener('message', ({ data }: MessageEvent<WorkerCommand>) => {
  if (data.type === 'start') void run(data.job)
  else controller.abort()
})

async function run(job: PublishJob): Promise<void> {
  try {
    report({ type: 'done', published: await publish(job) })
  } catch (error) {
    const { code, message, hint } =
      error instanceof SluiceError ? error : new SluiceError('INTERNAL', String(error), { cause: error })
    report({ type: 'failed', code, message, hint })
  }
}

async function publish({ file, attributes, node, sale }: PublishJob): Promise<Published> {
  const shared = {
    source: readFile(file),
    byteSize: file.size,
    attributes,
    sink: createUploadSink(createNodeClient(node)),
    signal: controller.signal,
    onProgress: (progress: PublicationProgress) => report({ type: 'progress', progress }),
  }
  if (sale === undefined) return { kind: 'open', publication: await publishOpen(shared) }
  return { kind: 'sealed', publication: await preparePublication({ ...shared, ...sale }) }
}

/** The file in pieces; Safari cannot iterate over a stream, so this asks its reader. */
async function* readFile(file: File): AsyncGenerator<Uint8Array, void> {
  const reader = file.stream().getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
  } finally {
    reader.releaseLock()
  }
}

function report(message: WorkerReport): void {
  globalThis.postMessage(message)
}
