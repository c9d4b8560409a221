'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import type { Hex } from 'viem'
import { useHeldVersion } from '../../../features/keys/use-held-version.ts'
import { usePlayback } from '../../../features/player/use-playback.ts'
import { useMaxSlicePrice } from '../../../features/session/max-slice-price.ts'
import { useSession } from '../../../features/session/use-session.ts'
import { useOrigin } from '../../../web3/origin-provider.tsx'
import { openPreview } from '../../../web3/client.ts'
import { useContentClient, useContentReader } from '../../../web3/use-content-client.ts'
import { useEditions } from '../../../web3/use-content-data.ts'
import { useWallet } from '../../../web3/use-wallet.ts'

/** The connected wallet's standing with a content (key, session, budget), and the playback that follows from it. */
export function useSealedPlayback(contentId: Hex) {
  const { price } = useOrigin()
  const token = price?.token ?? NATIVE_TOKEN
  const wallet = useWallet()
  const editions = useEditions(contentId)
  const held = useHeldVersion(editions.data ?? [])
  const session = useSession(token)
  const playback = usePlayback()
  const open = useContentClient(session.session)
  const { limit } = useMaxSlicePrice(token, price?.amount)
  const reader = useContentReader()
  const hasKey = wallet.status === 'ready' && held.version !== undefined

  const play = () => {
    const { version } = held
    if (version === undefined) return
    void playback.start((signal) =>
      open({
        ...(limit !== undefined && { maxPrice: limit }),
        reference: { kind: 'content', contentId },
        version,
        signal,
      }),
    )
  }
  const playPreview = () => {
    void playback.start((signal) => openPreview(reader, { reference: { kind: 'content', contentId }, signal }))
  }
  return {
    token,
    price: price?.amount,
    wallet,
    editions,
    held,
    hasKey,
    session,
    playback,
    play,
    playPreview,
    ready: hasKey && session.authorised,
  }
}

export type SealedPlayback = ReturnType<typeof useSealedPlayback>
