'use client'

import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useSyncExternalStore } from 'react'
import { dismissToast, readToasts, subscribeToasts } from './toast-store.ts'
import type { Toast } from './toast-store.ts'

const SHOWN_MS = 6_000
const ICONS = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const
const COLOURS = { info: 'text-accent', good: 'text-good', warn: 'text-warn', bad: 'text-bad' } as const
const NONE: readonly Toast[] = []

/** Where toasts appear: bottom right, or along the bottom of a phone. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToasts, readToasts, () => NONE)
  return (
    <Radix.Provider label="Notification" swipeDirection="right">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Radix.Viewport className="fixed inset-x-4 bottom-4 z-60 flex flex-col gap-2 outline-none sm:left-auto sm:w-88" />
    </Radix.Provider>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const Icon = ICONS[toast.tone]
  return (
    <Radix.Root
      duration={toast.lasting ? Number.POSITIVE_INFINITY : SHOWN_MS}
      onOpenChange={(open) => {
        if (!open) dismissToast(toast.id)
      }}
      className="rise flex items-start gap-3 rounded-xl border border-line bg-surface p-4 shadow-card"
    >
      <Icon aria-hidden="true" className={`mt-0.5 size-4.5 shrink-0 ${COLOURS[toast.tone]}`} />
      <div className="min-w-0 flex-1 text-sm">
        <Radix.Title className="font-semibold break-words">{toast.title}</Radix.Title>
        <Radix.Description className="text-quiet">{toast.text}</Radix.Description>
      </div>
      <Radix.Close aria-label="Dismiss" className="-m-1 rounded-md p-1 text-quiet hover:text-ink">
        <X aria-hidden="true" className="size-4" />
      </Radix.Close>
    </Radix.Root>
  )
}
