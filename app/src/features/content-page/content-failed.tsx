import { explainError } from '../../web3/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Why a content cannot be shown, and what to do. */
export function ContentFailed({ error, retry }: { error: Error; retry: () => void }) {
  const { title, hint } = explainError(error)
  return (
    <div className="mx-auto max-w-xl py-10">
      <Notice tone="bad" title={title} action={<Button onClick={retry}>Try again</Button>}>
        {hint}
      </Notice>
    </div>
  )
}
