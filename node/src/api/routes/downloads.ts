import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { SluiceError } from '@sluice/sdk'
import {
  addressField,
  amountField,
  integerField,
  optionalField,
  parseRange,
  readJson,
  textField,
} from '../../http/index.ts'
import type { Jobs } from '../../jobs/types.ts'
import type { DownloadRequest, JobCreated } from '../types.ts'

const MAX_VERSION = 2 ** 32 - 1

function viaField(value: unknown, name: string): NonNullable<DownloadRequest['via']> {
  if (value === 'libp2p' || value === 'torrent') return value
  throw new SluiceError('BAD_INPUT', `${name} must be libp2p or torrent.`)
}

export function downloadRoutes(jobs: Jobs): Hono {
  return new Hono()
    .post('/', async (context) => {
      const body = await readJson(context)
      const jobId = await jobs.startDownload({
        content: textField(body['content'], 'content'),
        ...optionalField(body, 'wallet', addressField),
        ...optionalField(body, 'version', (value, name) => integerField(value, name, 1, MAX_VERSION)),
        ...optionalField(body, 'maxSpend', amountField),
        ...optionalField(body, 'maxPrice', amountField),
        ...optionalField(body, 'via', viaField),
      })
      return context.json<JobCreated>({ jobId }, 201)
    })
    .get('/:id/content', async (context) => {
      const { byteSize, name, read } = await jobs.content(context.req.param('id'))
      const range = parseRange(context.req.header('range'), byteSize)
      context.header('accept-ranges', 'bytes')
      // Whatever the creator says it is, it is opened as nothing but a file: this origin holds the node's powers.
      context.header('content-type', 'application/octet-stream')
      context.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      if (range === 'unsatisfiable') {
        context.header('content-range', `bytes */${byteSize}`)
        return context.body(null, 416)
      }
      const { first, last } = range ?? { first: 0, last: byteSize - 1 }
      context.header('content-length', String(last - first + 1))
      if (range !== undefined) {
        context.status(206)
        context.header('content-range', `bytes ${first}-${last}/${byteSize}`)
      }
      return stream(context, async (output) => {
        const stopped = new AbortController()
        output.onAbort(() => stopped.abort())
        if (last < first) return
        for await (const chunk of read(first, last, stopped.signal)) await output.write(chunk)
      })
    })
}
