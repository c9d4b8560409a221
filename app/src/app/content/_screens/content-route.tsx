'use client'

import { parseCid } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { useSearchParams } from 'next/navigation'
import { isHex } from 'viem'
import { Notice } from '../../../ui/notice.tsx'
import { OpenContentScreen } from './open-content-screen.tsx'
import { SealedContentScreen } from './sealed-content-screen.tsx'

/** `?id=` names a content on chain, `?cid=` open content; the export has one page for all of them. */
export function ContentRoute() {
  const query = useSearchParams()
  const [id, cid] = [query.get('id')?.toLowerCase(), readCid(query.get('cid'))]
  if (isHex(id) && id.length === 66) return <SealedContentScreen key={id} contentId={id} />
  if (cid !== undefined) return <OpenContentScreen key={cid.toString()} cid={cid} />
  return (
    <Notice tone="bad" title="This address names no content.">
      It should end in ?id= and a content id (0x and 64 digits), or in ?cid= and a CID. Check that it was copied whole.
    </Notice>
  )
}

function readCid(text: string | null): CID | undefined {
  try {
    return text === null ? undefined : parseCid(text)
  } catch {
    return undefined
  }
}
