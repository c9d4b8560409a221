'use client'

import { useEffect, useRef, useState } from 'react'
import type { ContentHandle, TransferReport } from '../../web3/client.ts'
import { explainError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import { hostStream } from './stream-host.ts'
import type { HostedStream } from './stream-host.ts'

/** How often the live figures are drawn again. */
const REPORT_MS = 300

const NOTHING: TransferReport = { slices: 0, free: 0, bytes: 0, paid: 0n, sources: [] }

export type Playing = HostedStream & { readonly content: ContentHandle }

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

/**
 * Opens a content and serves it to a player of this page, until it is stopped or the page goes on to something else.
 */
export function usePlayback(): Playback {
  const [state, setState] = useState<PlaybackState>({ phase: 'idle' })
  const [trouble, setTrouble] = useState<Explanation>()
  const controller = useRef<AbortController>(undefined)
  const report = useReport(state.phase === 'playing' ? state.playing.content : undefined)

  const playing = state.phase === 'playing' ? state.playing : undefined
  // Ended after the player is gone from the page: one that is still there asks again for what broke off.
  useEffect(() => (playing === undefined ? undefined : () => leave(playing, playing.content)), [playing])

  const stop = () => {
    if (playing === undefined) controller.current?.abort()
    setState({ phase: 'idle' })
  }
  useEffect(() => () => controller.current?.abort(), [])

  const start = async (open: (signal: AbortSignal) => Promise<ContentHandle>) => {
    if (playing === undefined) controller.current?.abort()
    const own = (controller.current = new AbortController())
    setTrouble(undefined)
    setState({ phase: 'opening' })
    try {
      const content = await open(own.signal)
      const hosted = await host(content, setTrouble).catch(async (error: unknown) => {
        await content.close()
        throw error
      })
      if (own.signal.aborted) leave(hosted, content)
      else setState({ phase: 'playing', playing: { ...hosted, content } })
    } catch (error) {
      if (!own.signal.aborted) setState({ phase: 'failed', error: explainError(error) })
    }
  }
  return { state, report, trouble, start, stop }
}

function host(content: ContentHandle, onTrouble: (trouble: Explanation) => void): Promise<HostedStream> {
  return hostStream({
    size: content.byteSize,
    mime: content.mime,
    name: content.name,
    read: async function* (start, end, wanted) {
      try {
        return yield* content.read(start, end, wanted)
      } catch (error) {
        if (!wanted.aborted) onTrouble(explainError(error))
        throw error
      }
    },
  })
}

function leave(hosted: HostedStream, content: ContentHandle): void {
  hosted.close()
  void content.close()
}

/** What the content's sources gave and got, read a few times a second while it is open. */
function useReport(content: ContentHandle | undefined): TransferReport {
  const [report, setReport] = useState(NOTHING)
  useEffect(() => {
    setReport(NOTHING)
    if (content === undefined) return undefined
    const timer = setInterval(() => setReport(content.report()), REPORT_MS)
    return () => clearInterval(timer)
  }, [content])
  return report
}
