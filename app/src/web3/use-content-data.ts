'use client'

import { useQuery } from '@tanstack/react-query'
import { readEditions } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { cidOfBlockHash, decodeManifest } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { useEffect, useState } from 'react'
import type { Hex } from 'viem'
import { fetchBlock } from './blocks.ts'
import { useOrigin } from './origin-provider.tsx'
import { sniffPicture } from './picture.ts'
import { useReader } from './use-wallet.ts'

/** The manifest behind a meta-hash; it never changes, since its hash is its name. */
export function useManifest(metaHash: Hex | undefined) {
  return useQuery({
    queryKey: ['manifest', metaHash],
    queryFn: async ({ signal }) => {
      if (metaHash === undefined) throw new Error('No manifest was named.')
      return decodeManifest(await fetchBlock(cidOfBlockHash(metaHash), signal))
    },
    enabled: metaHash !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // A content behind a node that is offline right now is worth asking for again, but not at once.
    retry: 1,
  })
}

/** A content's editions, as the chain has them now. */
export function useEditions(contentId: Hex) {
  const { contracts } = useOrigin()
  const reader = useReader()
  return useQuery({
    queryKey: ['chain', 'editions', contentId],
    queryFn: () => readEditions(reader, { contracts, contentId }),
  })
}

/** Keys that an edition can still sell; undefined for no limit. */
export function keysLeft({ sold, terms }: Edition): bigint | undefined {
  if (terms.maxSupply === 0n) return undefined
  return terms.maxSupply > sold ? terms.maxSupply - sold : 0n
}

/** A picture block as a blob URL, if it is one of the types that cannot run script. */
export function usePicture(cid: CID | undefined): string | undefined {
  const { data: picture } = useQuery({
    queryKey: ['picture', cid?.toString()],
    queryFn: async ({ signal }) => {
      if (cid === undefined) throw new Error('No picture was named.')
      const bytes = await fetchBlock(cid, signal)
      const type = sniffPicture(bytes)
      return type === undefined ? null : new Blob([bytes], { type })
    },
    enabled: cid !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return useBlobUrl(picture ?? undefined)
}

/** A URL for a blob, revoked when nothing shows it any more. */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (blob === undefined) return undefined
    const created = URL.createObjectURL(blob)
    setUrl(created)
    return () => {
      URL.revokeObjectURL(created)
      setUrl(undefined)
    }
  }, [blob])
  return url
}
