import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** A raised surface. */
export function Card({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('rounded-2xl border border-line bg-surface shadow-card', className)} {...props} />
}

type SectionProps = Omit<ComponentProps<'section'>, 'title'> & {
  title: string
  hint?: React.ReactNode
  action?: React.ReactNode
}

/** A card with a heading, and room for one action beside it. */
export function Section({ title, hint, action, className, children, ...props }: SectionProps) {
  return (
    <section
      aria-label={title}
      className={cn('rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6', className)}
      {...props}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{title}</h2>
          {hint !== undefined && <p className="mt-0.5 text-sm text-quiet">{hint}</p>}
        </div>
        {action}
      </div>
      <div className="mt-4">{children}</div>
    </section>
  )
}
