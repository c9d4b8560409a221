/** A short message over the page. `lasting` ones stay until they are replaced or dismissed. */
export type Toast = {
  readonly id: string
  readonly tone: 'info' | 'good' | 'warn' | 'bad'
  readonly title: string
  readonly text: string
  readonly lasting: boolean
}

const MAX_TOASTS = 4

let toasts: readonly Toast[] = []
let counter = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next.slice(-MAX_TOASTS)
  for (const listener of listeners) listener()
}

/** Shows a toast, or replaces the one with the same id. @returns its id */
export function showToast({ id, lasting = false, ...toast }: Omit<Toast, 'id' | 'lasting'> & Partial<Toast>): string {
  const shown = { ...toast, lasting, id: id ?? `toast-${String((counter += 1))}` }
  const known = toasts.some((other) => other.id === shown.id)
  change(known ? toasts.map((other) => (other.id === shown.id ? shown : other)) : [...toasts, shown])
  return shown.id
}

export function dismissToast(id: string): void {
  change(toasts.filter((toast) => toast.id !== id))
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function readToasts(): readonly Toast[] {
  return toasts
}
