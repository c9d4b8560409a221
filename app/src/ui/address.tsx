import { Identicon } from './identicon.tsx'
import { shorten } from './format.ts'

/** An account: its picture and the ends of its address, all of it on hover. */
export function Address({ address, you = false }: { address: string; you?: boolean }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5" title={address}>
      <Identicon address={address} size={18} />
      <span className="truncate tabular-nums">{you ? 'You' : shorten(address)}</span>
    </span>
  )
}
