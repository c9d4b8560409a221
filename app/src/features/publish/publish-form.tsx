'use client'

import { useState } from 'react'
import type { FormEvent } from 'react'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { EMPTY_DRAFT, checkDraft, draftTerms, kindOf, mimeOf } from './draft.ts'
import type { Draft, DraftErrors } from './draft.ts'
import { FileDrop } from './file-drop.tsx'
import { KeeperList } from './keeper-list.tsx'
import type { PublishJob, Sale } from './publish-job.ts'
import { SaleFields } from './sale-fields.tsx'
import { ThumbnailField } from './thumbnail-field.tsx'
import { useKeepers, defaultThreshold } from './use-keepers.ts'
import { useThumbnail } from './use-thumbnail.ts'

const ACCESS = [
  { value: 'sealed', label: 'Sell keys' },
  { value: 'open', label: 'Open to all' },
] as const

const WALLET_HINTS = {
  disconnected: 'Connect the wallet that should be the creator.',
  connecting: 'Waiting for the wallet.',
  'wrong-chain': 'Switch the wallet to the network shown at the top.',
  ready: undefined,
} as const

/** Everything that a publication needs to know, on one page. */
export function PublishForm({ onPublish }: { onPublish: (job: PublishJob) => void }) {
  const { connection } = useOwnNode()
  const [file, setFile] = useState<File>()
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT)
  const [shown, setShown] = useState<DraftErrors>({})
  const thumbnail = useThumbnail(file)
  const sale = useSale(draft)
  const obstacle = file === undefined ? 'Choose a file.' : draft.access === 'sealed' ? sale.obstacle : undefined

  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    setShown({})
  }
  const choose = (chosen: File) => {
    setFile(chosen)
    if (draft.title === '') change({ title: titleOf(chosen.name) })
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const errors = checkDraft(draft)
    setShown(errors)
    if (Object.keys(errors).length > 0 || obstacle !== undefined || file === undefined || connection === undefined)
      return
    const attributes = await describe(file, draft, thumbnail.picture)
    const job = { file, attributes, node: connection }
    onPublish(draft.access === 'sealed' && sale.sale !== undefined ? { ...job, sale: sale.sale } : job)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="space-y-6">
        <FileDrop file={file} onFile={choose} disabled={false} />
        <Section title="About the work" hint="Public, also for those who have no key.">
          <div className="space-y-4">
            <TextField
              label="Title"
              value={draft.title}
              onChange={(event) => change({ title: event.target.value })}
              error={shown.title}
            />
            <TextArea
              label="Description"
              value={draft.description}
              onChange={(event) => change({ description: event.target.value })}
              error={shown.description}
            />
            <ThumbnailField picture={thumbnail.picture} onPick={(picked) => void thumbnail.pick(picked)} />
          </div>
        </Section>
      </div>
      <div className="space-y-6">
        <Section title="Access">
          <Segmented label="Access" value={draft.access} options={ACCESS} onChange={(access) => change({ access })} />
          {draft.access === 'sealed' ? (
            <SaleFields draft={draft} errors={shown} onChange={change} />
          ) : (
            <p className="mt-4 text-sm text-quiet">
              No key, no price and no chain: whoever has the CID can download it. This cannot be taken back.
            </p>
          )}
        </Section>
        {draft.access === 'sealed' && (
          <KeeperList
            keepers={sale.keepers}
            error={sale.keepersError}
            threshold={sale.threshold}
            onThreshold={sale.setThreshold}
          />
        )}
        <div className="space-y-2">
          <Button
            type="submit"
            variant="primary"
            size="large"
            className="w-full"
            disabled={obstacle !== undefined}
            aria-describedby="publish-note"
          >
            Publish
          </Button>
          <p id="publish-note" className="text-center text-sm text-quiet">
            {obstacle ??
              (draft.access === 'sealed'
                ? 'Two transactions at the end, each with its price shown.'
                : 'No transaction.')}
          </p>
        </div>
      </div>
    </form>
  )
}

/** What the sale needs besides the draft, or what is missing for it. */
function useSale(draft: Draft) {
  const { chainId, contracts } = useOrigin()
  const wallet = useWallet()
  const { data: keepers, error: keepersError } = useKeepers()
  const [chosen, setThreshold] = useState<number>()
  const count = keepers?.length ?? 0
  const threshold = Math.min(chosen ?? defaultThreshold(count), Math.max(1, count))
  const terms = draftTerms(draft)
  const walletHint = WALLET_HINTS[wallet.status]
  const obstacle = walletHint ?? (count === 0 ? 'No keeper answers: nobody could release the key.' : undefined)
  const sale: Sale | undefined =
    wallet.address === undefined || keepers === undefined || terms === undefined
      ? undefined
      : { creator: wallet.address, chainId, contracts, editions: [terms], keepers, threshold }
  return { sale, obstacle, keepers, keepersError, threshold, setThreshold }
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

function titleOf(fileName: string): string {
  return fileName
    .replace(/\.[^.]{1,8}$/u, '')
    .replaceAll(/[_-]+/gu, ' ')
    .trim()
}
