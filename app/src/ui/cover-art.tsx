import type { LucideIcon } from 'lucide-react'
import { cn } from './cn.ts'

type CoverArtProps = { seed: string; icon: LucideIcon; className?: string }

/** What stands in for a picture: water lines in a hue of the content's own. */
export function CoverArt({ seed, icon: Icon, className }: CoverArtProps) {
  const hue = (Number.parseInt(seed.replace(/^0x/u, '').slice(0, 6), 16) || 0) % 360
  const shift = (Number.parseInt(seed.replace(/^0x/u, '').slice(6, 9), 16) || 0) % 24
  return (
    <div
      className={cn('relative flex items-center justify-center overflow-hidden', className)}
      style={{
        background: `linear-gradient(150deg, oklch(0.42 0.07 ${String(hue)}), oklch(0.27 0.05 ${String((hue + 40) % 360)}))`,
      }}
    >
      <svg viewBox="0 0 160 90" preserveAspectRatio="none" aria-hidden="true" className="absolute inset-0 size-full">
        {[0, 1, 2, 3].map((line) => {
          const level = 34 + line * 14 + (shift % (5 + line))
          return (
            <path
              key={line}
              d={`M0 ${String(level)}Q20 ${String(level - 9 + line)} 40 ${String(level)}T80 ${String(level)}T120 ${String(level)}T160 ${String(level)}V90H0Z`}
              fill="white"
              opacity="0.06"
            />
          )
        })}
      </svg>
      <Icon aria-hidden="true" className="relative size-9 text-white/80" strokeWidth={1.5} />
    </div>
  )
}
