import { Progress as Radix } from 'radix-ui'
import { cn } from './cn.ts'

/** How far something has come: `value` of `max`; without a value, that it is under way. */
export function Progress({ label, value, max = 1, className }: ProgressProps) {
  const share = value === undefined || max === 0 ? undefined : Math.min(100, Math.max(0, (value / max) * 100))
  return (
    <Radix.Root
      aria-label={label}
      value={share ?? null}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-sunken', className)}
    >
      <Radix.Indicator
        className={cn(
          'block h-full rounded-full',
          share === undefined ? 'shimmer w-full' : 'bg-accent transition-[width]',
        )}
        style={share === undefined ? undefined : { width: `${String(share)}%` }}
      />
    </Radix.Root>
  )
}

type ProgressProps = { label: string; value?: number | undefined; max?: number; className?: string }
