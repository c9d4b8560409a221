import { useId } from 'react'
import { cn } from './cn.ts'

/** A picture for an address: two hues and a wave, all from its digits, so that two addresses rarely look alike. */
export function Identicon({ address, size = 24, className }: { address: string; size?: number; className?: string }) {
  const id = useId()
  const digits = address.toLowerCase().replace(/^0x/u, '').padEnd(12, '0')
  const part = (start: number) => Number.parseInt(digits.slice(start, start + 3), 16) || 0
  const [hue, shift, level, swing] = [part(0) % 360, 40 + (part(3) % 90), 10 + (part(6) % 9), 3 + (part(9) % 7)]
  return (
    <svg
      viewBox="0 0 32 32"
      width={size}
      height={size}
      aria-hidden="true"
      className={cn('shrink-0 rounded-full', className)}
    >
      <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
        <stop stopColor={`oklch(0.78 0.12 ${String(hue)})`} />
        <stop offset="1" stopColor={`oklch(0.52 0.13 ${String((hue + shift) % 360)})`} />
      </linearGradient>
      <rect width="32" height="32" fill={`url(#${id})`} />
      <path d={wave(level + 6, swing)} fill="white" opacity="0.35" />
      <path d={wave(level + 12, -swing)} fill="white" opacity="0.4" />
    </svg>
  )
}

function wave(level: number, swing: number): string {
  const crest = level - swing
  return `M0 ${String(level)}Q8 ${String(crest)} 16 ${String(level)}T32 ${String(level)}V32H0Z`
}
