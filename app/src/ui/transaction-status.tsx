import { Check, Hourglass, WalletMinimal } from 'lucide-react'
import { Notice } from './notice.tsx'
import { shorten } from './format.ts'

type TransactionView =
  | { readonly phase: 'idle' | 'confirm' }
  | { readonly phase: 'pending'; readonly hash: string }
  | { readonly phase: 'confirmed'; readonly hash: string | undefined }
  | { readonly phase: 'failed'; readonly error: { readonly title: string; readonly hint: string } }

/** Each state that a transaction passes through, announced as it changes. */
export function TransactionStatus({ state, done = 'Confirmed.' }: { state: TransactionView; done?: string }) {
  if (state.phase === 'failed') {
    return (
      <Notice tone="bad" title={state.error.title}>
        {state.error.hint}
      </Notice>
    )
  }
  return (
    <div role="status" className={state.phase === 'idle' ? 'sr-only' : 'text-sm text-quiet'}>
      {state.phase === 'confirm' && <Line icon={WalletMinimal}>Confirm in your wallet.</Line>}
      {state.phase === 'pending' && <Line icon={Hourglass}>Sent as {shorten(state.hash)}. Waiting for the chain.</Line>}
      {state.phase === 'confirmed' && <Line icon={Check}>{done}</Line>}
    </div>
  )
}

function Line({ icon: Icon, children }: { icon: typeof Check; children: React.ReactNode }) {
  return (
    <p className="flex items-center gap-2">
      <Icon aria-hidden="true" className="size-4 text-accent" />
      <span>{children}</span>
    </p>
  )
}
