import { chainOf } from '../../web3/chains.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { Badge } from '../../ui/badge.tsx'

/** Which chain everything on this page happens on. */
export function NetworkBadge() {
  const info = useOrigin()
  return (
    <Badge className="hidden h-8 px-3 sm:inline-flex" title={`Chain id ${String(info.chainId)}`}>
      {chainOf(info).name}
    </Badge>
  )
}
