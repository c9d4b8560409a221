import type { ReactNode } from 'react'
import { Skeleton, SkeletonText } from '../../ui/skeleton.tsx'

/** The work on the left, what to do with it on the right; one below the other on a phone. */
export function ContentLayout({ stage, aside, children }: { stage: ReactNode; aside: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-x-8">
      <div className="min-w-0">{stage}</div>
      <aside aria-label="Get and play" className="space-y-5 lg:row-span-2">
        {aside}
      </aside>
      <div className="min-w-0">{children}</div>
    </div>
  )
}

export function ContentSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading content">
      <ContentLayout
        stage={<Skeleton className="aspect-video w-full rounded-2xl" />}
        aside={<Skeleton className="h-64 rounded-2xl" />}
      >
        <Skeleton className="h-8 w-2/3" />
        <SkeletonText className="mt-6 max-w-xl" />
      </ContentLayout>
    </div>
  )
}
