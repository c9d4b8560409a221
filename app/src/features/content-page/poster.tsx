import { Play } from 'lucide-react'
import { CoverArt } from '../../ui/cover-art.tsx'
import { describeKind } from '../../ui/kind.ts'

type PosterProps = {
  seed: string
  kind: string
  mime: string | undefined
  picture: string | undefined
  /** Absent while the work cannot be played yet. */
  onPlay: (() => void) | undefined
  busy: boolean
  label: string
}

/** The work's picture, with the way to start it once it may be started. */
export function Poster({ seed, kind, mime, picture, onPlay, busy, label }: PosterProps) {
  return (
    <div className="relative overflow-hidden rounded-2xl border border-line bg-sunken shadow-card">
      {picture === undefined ? (
        <CoverArt seed={seed} icon={describeKind(kind, mime).icon} className="aspect-video" />
      ) : (
        <img src={picture} alt="" className="aspect-video w-full object-cover" />
      )}
      {busy && <div aria-hidden="true" className="shimmer absolute inset-x-0 bottom-0 h-1" />}
      {onPlay !== undefined && (
        <button
          type="button"
          onClick={onPlay}
          disabled={busy}
          aria-label={label}
          className="group absolute inset-0 flex items-center justify-center bg-black/25 transition-colors hover:bg-black/35 focus-visible:-outline-offset-4"
        >
          <span className="flex size-18 items-center justify-center rounded-full bg-white/95 text-black shadow-card transition-transform group-hover:scale-105 group-disabled:opacity-60">
            <Play aria-hidden="true" className="ml-1 size-7 fill-current" />
          </span>
        </button>
      )}
    </div>
  )
}
