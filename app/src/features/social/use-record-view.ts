'use client'

import { isEntitledBy } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import type { Address, Hex } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { createViewRecorder } from './record-view.ts'
import { useSpeaker } from './use-speaker.ts'
import { countsViews } from './views-setting.ts'

/** One for the page, so that a content that is played twice is told of once. */
const recordView = createViewRecorder()

type Seen = { readonly contentId: Hex; readonly creator: Address; readonly editions: readonly Edition[] | undefined }

/** Tells the network that the connected wallet has seen a content; silently, and only where the reader lets it. */
export function useRecordView({ contentId, creator, editions = [] }: Seen): () => void {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: wallet } = useWallet()
  const speaker = useSpeaker()
  return () => {
    if (wallet === undefined || !countsViews()) return
    const isHeld = (editionId: bigint) => isEntitledBy(reader, { contracts, editionId, holder: wallet })
    void recordView(speaker, { contentId, wallet, creator, editions, isHeld })
  }
}
