'use client'

import { SluiceError } from '@sluice/sdk'
import { announcePublication } from '@sluice/sdk/client'
import type { PreparedPublication, PublicationProgress } from '@sluice/sdk/client'
import { useEffect, useRef, useState } from 'react'
import { explainError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useRefresh } from '../../web3/use-index.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { planAuthorisation } from './authorise-node.ts'
import type { PublishJob, Published, WorkerReport } from './publish-job.ts'

export type PublicationState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'working'; readonly progress: PublicationProgress | undefined }
  /** Everything is with the node; the wallet is asked for `done + 1` of `total` transactions. */
  | { readonly phase: 'announcing'; readonly done: number; readonly total: number }
  | { readonly phase: 'done'; readonly published: Published }
  /** `again` goes on from where it stopped, where that is possible. */
  | { readonly phase: 'failed'; readonly error: Explanation; readonly again: (() => void) | undefined }

/**
 * One publication: sealed and uploaded by the worker, registered by the wallet, made known to the node, which
 * may then grant copies.
 */
export function usePublication() {
  const { contracts } = useOrigin()
  const wallet = useWallet()
  const { client: node } = useOwnNode()
  const refresh = useRefresh()
  const [state, setState] = useState<PublicationState>({ phase: 'idle' })
  const stopper = useRef<AbortController>(undefined)
  useWarnBeforeLeaving(state.phase === 'working' || state.phase === 'announcing')
  useEffect(() => () => stopper.current?.abort(), [])

  const announce = async (publication: PreparedPublication) => {
    const { signal } = (stopper.current = new AbortController())
    try {
      if (wallet.status !== 'ready') throw new SluiceError('WRONG_CHAIN', 'The wallet is not connected any more.')
      if (node === undefined) throw new SluiceError('NODE_UNREACHABLE', 'Your node is not connected any more.')
      const authorise = await planAuthorisation(wallet.client, node, { contracts, signal })
      const total = publication.editions.length + (authorise === undefined ? 1 : 2)
      const onStep = ({ done }: { done: number }) => setState({ phase: 'announcing', done, total })
      await announcePublication(wallet.client, publication, { contracts, signal, onStep })
      await node.registerContent(publication.root, { contentId: publication.contentId, version: 1 }, { signal })
      await authorise?.()
      setState({ phase: 'done', published: { kind: 'sealed', publication } })
      await refresh()
    } catch (error) {
      setState({ phase: 'failed', error: explainError(error), again: () => void announce(publication) })
    }
  }

  const start = async (job: PublishJob) => {
    const { signal } = (stopper.current = new AbortController())
    setState({ phase: 'working', progress: undefined })
    try {
      const published = await runWorker(job, signal, (progress) => setState({ phase: 'working', progress }))
      if (published.kind === 'sealed') await announce(published.publication)
      else setState({ phase: 'done', published })
    } catch (error) {
      setState({ phase: 'failed', error: explainError(error), again: undefined })
    }
  }
  const stop = () => {
    stopper.current?.abort()
  }
  return { state, start, stop, reset: () => setState({ phase: 'idle' }) }
}

function runWorker(
  job: PublishJob,
  signal: AbortSignal,
  onProgress: (progress: PublicationProgress) => void,
): Promise<Published> {
  const worker = new Worker(new URL('./publish.worker.ts', import.meta.url), { type: 'module' })
  const { promise, resolve, reject } = Promise.withResolvers<Published>()
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data.type === 'progress') onProgress(data.progress)
    else if (data.type === 'done') resolve(data.published)
    else reject(new SluiceError(data.code, data.message, data.hint === undefined ? {} : { hint: data.hint }))
  }
  worker.onerror = () => reject(new SluiceError('INTERNAL', 'The publishing worker stopped.'))
  signal.addEventListener('abort', () => worker.postMessage({ type: 'stop' }), { once: true })
  worker.postMessage({ type: 'start', job })
  return promise.finally(() => worker.terminate())
}

/** Leaving now would throw the attempt away, since its key is nowhere else: the browser asks first. */
function useWarnBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [active])
}
