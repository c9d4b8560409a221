import { explainError } from '../../web3/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
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
  const { title, hint } = explainError(error)
  return (
    <div className="mx-auto max-w-xl py-10">
      <Notice tone="bad" title={title} action={<Button onClick={retry}>Try again</Button>}>
        {hint}
      </Notice>
    </div>
  )
}
