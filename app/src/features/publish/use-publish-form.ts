'use client'

import { useState } from 'react'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useWallet } from '../../web3/use-wallet.ts'
import { EMPTY_DRAFT, checkDraft, draftTerms, kindOf, mimeOf, parsePreview, titleOf } from './draft.ts'
import type { Draft, DraftErrors } from './draft.ts'
import type { PublishJob, Sale } from './publish-job.ts'
import { defaultThreshold, useKeepers } from './use-keepers.ts'
import { useThumbnail } from './use-thumbnail.ts'

const WALLET_HINTS = {
  disconnected: 'Connect the wallet that should be the creator.',
  connecting: 'Waiting for the wallet.',
  'wrong-chain': 'Switch the wallet to the network shown at the top.',
  ready: undefined,
} as const

/** Everything that the publish form holds, what is wrong with it, and the job that comes of it. */
export function usePublishForm() {
  const { connection } = useOwnNode()
  const [file, setFile] = useState<File>()
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT)
  const [errors, setErrors] = useState<DraftErrors>({})
  const thumbnail = useThumbnail(file)
  const { sale, ...keeping } = useSale(draft)
  const sealed = draft.access === 'sealed'

  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    setErrors({})
  }
  const choose = (chosen: File) => {
    setFile(chosen)
    if (draft.title === '') change({ title: titleOf(chosen.name) })
  }
  /** The job, or undefined where something is wrong, which `errors` then shows. */
  const finish = async (): Promise<PublishJob | undefined> => {
    const found = checkDraft(draft)
    setErrors(found)
    if (Object.keys(found).length > 0 || file === undefined || connection === undefined) return undefined
    const attributes = await describe(file, draft, thumbnail.picture)
    if (!sealed) return { file, attributes, node: connection }
    return sale === undefined ? undefined : { file, attributes, node: connection, sale }
  }
  const obstacle = file === undefined ? 'Choose a file.' : sealed ? keeping.obstacle : undefined
  return { file, choose, draft, change, errors, thumbnail, keeping, obstacle, finish }
}

/** What the sale needs besides the draft, or what is missing for it. */
function useSale(draft: Draft) {
  const { chainId, contracts } = useOrigin()
  const wallet = useWallet()
  const { data: keepers, error } = useKeepers()
  const [chosen, setThreshold] = useState<number>()
  const count = keepers?.length ?? 0
  const threshold = Math.min(chosen ?? defaultThreshold(count), Math.max(1, count))
  const terms = draftTerms(draft)
  const obstacle =
    WALLET_HINTS[wallet.status] ?? (count === 0 ? 'No keeper answers: nobody could release the key.' : undefined)
  const sale: Sale | undefined =
    wallet.address === undefined || keepers === undefined || terms === undefined
      ? undefined
      : {
          creator: wallet.address,
          chainId,
          contracts,
          editions: [terms],
          previewPercent: parsePreview(draft.preview) ?? 0,
          keepers,
          threshold,
        }
  return { sale, obstacle, keepers, error, threshold, setThreshold }
}

async function describe(file: File, draft: Draft, picture: Blob | undefined): Promise<PublishJob['attributes']> {
  const mime = mimeOf(file.type)
  return {
    kind: kindOf(mime),
    name: file.name.slice(0, 200),
    title: draft.title.trim(),
    description: draft.description.trim(),
    mime,
    createdAt: Math.floor(Date.now() / 1000),
    ...(picture === undefined ? {} : { thumbnail: new Uint8Array(await picture.arrayBuffer()) }),
  }
}
