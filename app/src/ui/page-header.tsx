import type { ReactNode } from 'react'

type PageHeaderProps = { title: string; children?: ReactNode; action?: ReactNode }

/** A page's heading, one sentence on what it is for, and its main action. */
export function PageHeader({ title, children, action }: PageHeaderProps) {
  return (
    <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold sm:text-3xl">{title}</h1>
        {children !== undefined && <p className="mt-1.5 max-w-2xl text-quiet">{children}</p>}
      </div>
      {action}
    </div>
  )
}
