import type { ReactNode } from 'react'
import { cn } from './cn.ts'

type StatProps = { label: string; children: ReactNode; hint?: ReactNode; className?: string }

/** One figure with its name, for use inside a `dl`. */
export function Stat({ label, children, hint, className }: StatProps) {
  return (
    <div className={cn('min-w-0', className)}>
      <dt className="text-xs text-quiet">{label}</dt>
      <dd className="mt-0.5 font-semibold break-words tabular-nums">{children}</dd>
      {hint !== undefined && <dd className="text-xs text-quiet">{hint}</dd>}
    </div>
  )
}
