import { isErrorCode, SluiceError } from '@sluice/sdk'
import type { ApiError, Job } from '../api/client.ts'
import type { Context } from './context.ts'
import type { Progress } from './output.ts'

/** Shows a job's progress until it is done. Throws the job's own error when it fails. */
export async function followJob({ node, output, signal }: Context, jobId: string, label: string): Promise<Job> {
  let bar: Progress | undefined
  let last: Job | undefined
  try {
    for await (const job of node.jobEvents(jobId, { signal })) {
      last = job
      if (job.slices > 0) (bar ??= output.progress(label, job.slices, 'slices')).update(job.done, describeSources(job))
    }
  } finally {
    bar?.stop()
  }
  if (last?.state === 'done') return last
  throw last?.error === undefined
    ? new SluiceError('NODE_UNREACHABLE', 'The node stopped before the work was done.')
    : errorFromApi(last.error)
}

function errorFromApi({ code, message, hint }: ApiError): SluiceError {
  return new SluiceError(isErrorCode(code) ? code : 'INTERNAL', message, hint === undefined ? {} : { hint })
}

function describeSources({ sources }: Job): string {
  return sources.length === 0 ? '' : `from ${sources.length} source${sources.length === 1 ? '' : 's'}`
}
