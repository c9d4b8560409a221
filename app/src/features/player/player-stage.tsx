'use client'

import { FileCheck } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { INLINE_TYPES } from '../../sw/response.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { tellWhenShown } from './shown.ts'
import type { Playback, Playing } from './use-playback.ts'
import { isWatched } from './watched.ts'

type PlayerStageProps = {
  playback: Playback
  title: string
  /** What is shown while nothing plays. */
  poster: React.ReactNode
  picture: string | undefined
  /** Seconds, once the player knows. */
  onDuration: (seconds: number) => void
  /**
   * Told once of each time that enough of it was played, or that its picture was shown for long enough,
   * to call it seen.
   */
  onSeen?: (() => void) | undefined
}

/** The work itself: a player, a picture, or a download, by its type. */
export function PlayerStage({ playback, title, poster, picture, onDuration, onSeen }: PlayerStageProps) {
  const { state, trouble } = playback
  return (
    <div className="space-y-4">
      {state.phase === 'playing' ? (
        <Work playing={state.playing} title={title} picture={picture} onDuration={onDuration} onSeen={onSeen} />
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

type WorkProps = Pick<PlayerStageProps, 'title' | 'picture' | 'onDuration' | 'onSeen'> & { playing: Playing }

function Work({ playing, title, picture, onDuration, onSeen }: WorkProps) {
  const [unplayable, setUnplayable] = useState(false)
  const tellSeen = useOnce(onSeen)
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
    onTimeUpdate: ({ currentTarget: { played, duration } }: React.SyntheticEvent<HTMLMediaElement>) => {
      if (isWatched(played, duration)) tellSeen()
    },
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
    return <Picture {...shared} alt={title} onSeen={tellSeen} />
  }
  return <SaveCard playing={playing} unplayable={unplayable} />
}

type PictureProps = { src: string; alt: string; onError: () => void; onSeen: () => void }

function Picture({ onSeen, ...image }: PictureProps) {
  const [loaded, setLoaded] = useState(false)
  const tell = useEffectEvent(onSeen)
  useEffect(() => (loaded ? tellWhenShown(document, () => tell()) : undefined), [loaded])
  return (
    <img
      {...image}
      alt={image.alt}
      onLoad={() => setLoaded(true)}
      className="max-h-[80dvh] w-full rounded-2xl bg-sunken object-contain"
    />
  )
}

/** Tells something once, for as long as what tells it is there. */
function useOnce(tell: (() => void) | undefined): () => void {
  const told = useRef(false)
  return () => {
    if (told.current) return
    told.current = true
    tell?.()
  }
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
