import { ErrorNotice } from '../../web3/error-notice.tsx'

/** Why a content cannot be shown, and what to do. */
export function ContentFailed({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <div className="mx-auto max-w-xl py-10">
      <ErrorNotice error={error} retry={retry} />
    </div>
  )
}
