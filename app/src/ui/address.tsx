import { Identicon } from './identicon.tsx'
import { formatAccount } from './format.ts'

type AddressProps = { address: string; you?: boolean; handle?: string | undefined }

/** An account: its picture and its handle, or the ends of its address; all of that on hover. */
export function Address({ address, you = false, handle }: AddressProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5" title={address}>
      <Identicon address={address} size={18} />
      <span className="truncate tabular-nums">{you ? 'You' : formatAccount(address, handle)}</span>
    </span>
  )
}
