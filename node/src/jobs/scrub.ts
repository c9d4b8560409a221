import { setTimeout as delay } from 'node:timers/promises'
import { SluiceError } from '@sluice/sdk'
import { LEAF_BYTES } from '@sluice/sdk/content'
import type { Damage, ScrubRequest } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import type { StoredContent } from '../store/index.ts'
import type { RunningJob } from './job-state.ts'
import { readerOf } from './reader.ts'
import type { Prepared } from './types.ts'

export type ScrubOptions = {
  /** How fast the disk is read at most; as fast as it can be when left out. */
  readonly bytesPerSecond?: number
  /** Starts the job that fetches these slices again; returns its id. */
  readonly repair: (content: StoredContent, slices: readonly number[]) => Promise<string>
}

/** Reads what is here again and compares it with its CIDs. What differs is no longer here, and is fetched again by a following job. */
export function startScrub(
  parts: DaemonParts,
  job: RunningJob,
  { content: root }: ScrubRequest,
  { repair, bytesPerSecond }: ScrubOptions,
): Promise<Prepared> {
  const { store, log } = parts
  const contents = root === undefined ? store.list() : [store.get(root)].filter((content) => content !== undefined)
  if (root !== undefined && contents.length === 0) {
    return Promise.reject(new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`))
  }
  const total = (field: 'have' | 'byteLength'): number => contents.reduce((sum, content) => sum + content[field], 0)
  job.update({ slices: total('have'), bytes: total('byteLength'), ...(root === undefined ? {} : { root }) })
  async function scrub(content: StoredContent, before: number): Promise<Damage | undefined> {
    const started = performance.now()
    const { network } = readerOf(parts, content.root)
    const { corrupt } = await store.verify(content.root, {
      signal: job.signal,
      fetchBlock: (cid) => network.fetchBlock(cid, { signal: job.signal }),
      onChecked: async (checked) => {
        job.update({ done: before + checked })
        if (bytesPerSecond === undefined) return
        const due = started + (checked * LEAF_BYTES * 1000) / bytesPerSecond
        if (due > performance.now()) await delay(due - performance.now(), undefined, { signal: job.signal, ref: false })
      },
    })
    if (corrupt.length === 0) return undefined
    log.warn({ root: content.root, slices: corrupt.length }, 'slices on disk are damaged')
    const { title } = content
    return { root: content.root, title, slices: corrupt.length, repair: await repair(content, corrupt) }
  }

  return Promise.resolve({
    async run() {
      const damaged: Damage[] = []
      let before = 0
      for (const content of contents) {
        // It may have gone while others were read.
        const found = store.get(content.root) === undefined ? undefined : await scrub(content, before)
        if (found !== undefined) damaged.push(found)
        before += content.have
        job.update({ done: before, damaged: [...damaged] })
      }
    },
  })
}
