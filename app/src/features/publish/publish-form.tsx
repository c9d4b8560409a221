'use client'

import type { SubmitEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { FileDrop } from './file-drop.tsx'
import { KeeperList } from './keeper-list.tsx'
import type { PublishJob } from './publish-job.ts'
import { SaleFields } from './sale-fields.tsx'
import { ThumbnailField } from './thumbnail-field.tsx'
import { usePublishForm } from './use-publish-form.ts'

const ACCESS = [
  { value: 'sealed', label: 'Sell keys' },
  { value: 'open', label: 'Open to all' },
] as const

type Form = ReturnType<typeof usePublishForm>

/** Everything that a publication needs to know, on one page. */
export function PublishForm({ onPublish }: { onPublish: (job: PublishJob) => void }) {
  const form = usePublishForm()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const job = await form.finish()
    if (job !== undefined) onPublish(job)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="space-y-6">
        <FileDrop file={form.file} onFile={form.choose} />
        <WorkSection form={form} />
      </div>
      <div className="space-y-6">
        <AccessSection form={form} />
        {form.draft.access === 'sealed' && <KeeperList {...form.keeping} onThreshold={form.keeping.setThreshold} />}
        <Finish form={form} />
      </div>
    </form>
  )
}

function WorkSection({ form: { draft, change, errors, thumbnail } }: { form: Form }) {
  return (
    <Section title="About the work" hint="Public, also for those who have no key.">
      <div className="space-y-4">
        <TextField
          label="Title"
          value={draft.title}
          onChange={(event) => change({ title: event.target.value })}
          error={errors.title}
        />
        <TextArea
          label="Description"
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
          error={errors.description}
        />
        <ThumbnailField picture={thumbnail.picture} onPick={(picked) => void thumbnail.pick(picked)} />
      </div>
    </Section>
  )
}

function AccessSection({ form: { draft, change, errors } }: { form: Form }) {
  return (
    <Section title="Access">
      <Segmented label="Access" value={draft.access} options={ACCESS} onChange={(access) => change({ access })} />
      {draft.access === 'sealed' ? (
        <SaleFields draft={draft} errors={errors} onChange={change} />
      ) : (
        <p className="mt-4 text-sm text-quiet">
          No key, no price and no chain: whoever has the CID can download it. This cannot be taken back.
        </p>
      )}
    </Section>
  )
}

function Finish({ form: { draft, obstacle } }: { form: Form }) {
  const note =
    draft.access === 'sealed'
      ? 'Two transactions at the end, and once a week a third that lets your node grant copies to seeders.'
      : 'No transaction.'
  return (
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
        {obstacle ?? note}
      </p>
    </div>
  )
}
