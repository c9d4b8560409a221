import { ErrorNotice } from '../../web3/error-notice.tsx'
import { Skeleton, SkeletonText } from '../../ui/skeleton.tsx'

/** The shape of a page, while the node is asked which chain it works with. */
export function PageSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading">
      <Skeleton className="h-9 w-48" />
      <SkeletonText lines={1} className="mt-3 max-w-md" />
      <div className="mt-10 grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {[0, 1, 2].map((card) => (
          <Skeleton key={card} className="h-56 rounded-2xl" />
        ))}
      </div>
    </div>
  )
}

export function OriginFailed({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <div className="mx-auto max-w-xl py-10">
      <ErrorNotice error={error} retry={retry} />
    </div>
  )
}
