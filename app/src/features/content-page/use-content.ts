'use client'

import { useQuery } from '@tanstack/react-query'
import { readContent } from '@sluice/sdk/chain'
import type { Hex } from 'viem'
import { useManifest } from '../../web3/use-content-data.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'

/** A content's record on chain, and its manifest once somebody has answered with it. */
export function useContent(contentId: Hex) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const record = useQuery({
    queryKey: ['chain', 'content', contentId],
    queryFn: () => readContent(reader, { contracts, contentId }),
  })
  const manifest = useManifest(record.data?.version.metaHash)
  return { record, manifest }
}
