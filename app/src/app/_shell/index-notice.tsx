'use client'

import { useIndexLag } from '../../web3/use-index-lag.ts'
import { formatCount } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'

/**
 * Says so where the lists of a page are older than the chain, or of another one; what is bought or opened is
 * read from the chain.
 */
export function IndexNotice() {
  const { data: lag } = useIndexLag()
  if (lag?.notable === undefined) return null
  if (lag.notable === 'ahead') {
    return (
      <Notice tone="info" title="The index does not follow this chain" className="mb-6">
        It says it has read block {lag.block}, which the chain does not have. What it lists may be of another chain;
        what you buy and open is read from this one.
      </Notice>
    )
  }
  return (
    <Notice tone="info" title={`The index is ${formatCount(lag.behind, 'block')} behind the chain`} className="mb-6">
      Lists on this page do not have what was mined since. What you buy and open is read from the chain itself.
    </Notice>
  )
}
