'use client'

import { LEAF_BYTES, SLICE_BYTES } from '@sluice/sdk/content'
import { useEffect, useRef, useState } from 'react'
import type { ContentHandle } from '../../web3/client.ts'
import { explainError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import { createSliceReader } from './slice-reader.ts'
import { hostStream } from './stream-host.ts'
import type { HostedStream } from './stream-host.ts'
import { NOTHING, addReports } from './tally.ts'
import type { TransferReport } from './tally.ts'

/** How often the live figures are drawn again. */
const REPORT_MS = 250

export type Playing = HostedStream & { readonly mime: string; readonly name: string; readonly size: number }

export type PlaybackState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'opening' }
  | { readonly phase: 'playing'; readonly playing: Playing }
  | { readonly phase: 'failed'; readonly error: Explanation }

export type Playback = {
  readonly state: PlaybackState
  readonly report: TransferReport
  /** Why bytes stopped coming while playing; the player itself only knows that they did. */
  readonly trouble: Explanation | undefined
  readonly start: (open: (signal: AbortSignal) => Promise<ContentHandle>) => Promise<void>
  readonly stop: () => void
}

/** Opens a content and serves it to a player of this page, until it is stopped or the page goes on to something else. */
export function usePlayback(): Playback {
  const [state, setState] = useState<PlaybackState>({ phase: 'idle' })
  const [trouble, setTrouble] = useState<Explanation>()
  const { report, collect, clear } = useReports()
  const controller = useRef<AbortController>(undefined)

  const stop = () => {
    controller.current?.abort()
    setState({ phase: 'idle' })
  }
  useEffect(() => () => controller.current?.abort(), [])

  const start = async (open: (signal: AbortSignal) => Promise<ContentHandle>) => {
    controller.current?.abort()
    const own = (controller.current = new AbortController())
    clear()
    setTrouble(undefined)
    setState({ phase: 'opening' })
    try {
      const content = await open(own.signal)
      const playing = await host(content, { signal: own.signal, collect, onTrouble: setTrouble })
      own.signal.throwIfAborted()
      setState({ phase: 'playing', playing })
    } catch (error) {
      if (!own.signal.aborted) setState({ phase: 'failed', error: explainError(error) })
    }
  }
  return { state, report, trouble, start, stop }
}

type HostOptions = {
  readonly signal: AbortSignal
  readonly collect: (stream: symbol, report: TransferReport) => void
  readonly onTrouble: (trouble: Explanation) => void
}

async function host(content: ContentHandle, { signal, collect, onTrouble }: HostOptions): Promise<Playing> {
  const { name, mime, byteSize: size, access } = content
  const read = createSliceReader({
    size,
    sliceBytes: access === 'open' ? LEAF_BYTES : SLICE_BYTES,
    open: (start, wanted) => {
      const stream = Symbol('stream')
      return content.stream({ start, signal: wanted, onProgress: (report) => collect(stream, report) })
    },
  })
  const hosted = await hostStream({
    size,
    mime,
    name,
    read: async function* (start, end, wanted) {
      try {
        yield* read(start, end, wanted)
      } catch (error) {
        if (!wanted.aborted) onTrouble(explainError(error))
        throw error
      }
    },
  })
  signal.addEventListener('abort', hosted.close, { once: true })
  return { ...hosted, mime, name, size }
}

/** The latest report of every stream, drawn a few times a second however often they come. */
function useReports() {
  const [report, setReport] = useState(NOTHING)
  const reports = useRef(new Map<symbol, TransferReport>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const collect = (stream: symbol, latest: TransferReport) => {
    reports.current.set(stream, latest)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      setReport(addReports(reports.current.values()))
    }, REPORT_MS)
  }
  const clear = () => {
    reports.current.clear()
    setReport(NOTHING)
  }
  return { report, collect, clear }
}
