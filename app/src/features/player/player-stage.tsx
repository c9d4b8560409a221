'use client'

import { FileCheck } from 'lucide-react'
import { useState } from 'react'
import { INLINE_TYPES } from '../../sw/response.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import type { Playback, Playing } from './use-playback.ts'

type PlayerStageProps = {
  playback: Playback
  title: string
  /** What is shown while nothing plays. */
  poster: React.ReactNode
  picture: string | undefined
  /** Seconds, once the player knows. */
  onDuration: (seconds: number) => void
}

/** The work itself: a player, a picture, or a download, by its type. */
export function PlayerStage({ playback, title, poster, picture, onDuration }: PlayerStageProps) {
  const { state, trouble } = playback
  return (
    <div className="space-y-4">
      {state.phase === 'playing' ? (
        <Work playing={state.playing} title={title} picture={picture} onDuration={onDuration} />
      ) : (
        poster
      )}
      {state.phase === 'failed' && (
        <Notice tone="bad" title={state.error.title}>
          {state.error.hint}
        </Notice>
      )}
      {state.phase === 'playing' && trouble !== undefined && (
        <Notice tone="bad" title={trouble.title}>
          {trouble.hint}
        </Notice>
      )}
    </div>
  )
}

type WorkProps = { playing: Playing; title: string; picture: string | undefined; onDuration: (seconds: number) => void }

function Work({ playing, title, picture, onDuration }: WorkProps) {
  const [unplayable, setUnplayable] = useState(false)
  const {
    url,
    content: { mime },
  } = playing
  const family = INLINE_TYPES.has(mime) && !unplayable ? mime.split('/')[0] : 'other'
  const shared = { src: url, onError: () => setUnplayable(true) }
  const media = {
    ...shared,
    ref: letGoWhenRemoved,
    controls: true,
    autoPlay: true,
    preload: 'metadata',
    'aria-label': title,
    onLoadedMetadata: (event: React.SyntheticEvent<HTMLMediaElement>) => onDuration(event.currentTarget.duration),
  }
  if (family === 'video') {
    return <video {...media} playsInline poster={picture} className="aspect-video w-full rounded-2xl bg-black" />
  }
  if (family === 'audio') {
    return (
      <div className="overflow-hidden rounded-2xl border border-line bg-surface">
        {picture !== undefined && <img src={picture} alt="" className="aspect-video w-full object-cover" />}
        <audio {...media} className="w-full p-4" />
      </div>
    )
  }
  if (family === 'image') {
    return <img {...shared} alt={title} className="max-h-[80dvh] w-full rounded-2xl bg-sunken object-contain" />
  }
  return <SaveCard playing={playing} unplayable={unplayable} />
}

/** A media element that was removed goes on loading until it is collected; this one lets go of its source at once. */
function letGoWhenRemoved(element: HTMLMediaElement | null): () => void {
  return () => {
    element?.removeAttribute('src')
    element?.load()
  }
}

function SaveCard({ playing: { saveUrl, content }, unplayable }: { playing: Playing; unplayable: boolean }) {
  return (
    <div className="flex flex-col items-center rounded-2xl border border-line bg-surface px-6 py-14 text-center shadow-card">
      <FileCheck aria-hidden="true" className="size-9 text-accent" strokeWidth={1.5} />
      <p className="mt-4 max-w-full font-semibold break-words">{content.name}</p>
      <p className="mt-1 text-sm text-quiet">
        {unplayable ? 'This browser cannot play it. ' : ''}
        {formatBytes(content.byteSize)}, decrypted as it is saved.
      </p>
      <Button asChild variant="primary" className="mt-6">
        <a href={saveUrl}>Save file</a>
      </Button>
    </div>
  )
}
