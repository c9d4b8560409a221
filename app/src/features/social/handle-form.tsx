'use client'

import { isHandle } from '@sluice/sdk/social'
import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { lastWord } from './said.ts'
import { SaidStatus } from './said-status.tsx'
import { useSocialAction } from './use-social-action.ts'
import { useSaid } from './use-speaker.ts'
import { WalletDialog } from './wallet-offer.tsx'

/** Takes a handle for the connected wallet, or another one. */
export function HandleForm({ current }: { current: string | undefined }) {
  const [text, setText] = useState('')
  const handle = text.trim().toLowerCase().replace(/^@/u, '')
  const action = useSocialAction()
  const said = lastWord(useSaid(), ['handle'])
  const title = current === undefined ? 'Take a handle' : 'Change your handle'
  const take = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await action.say({ kind: 'handle', handle })) setText('')
  }
  return (
    <Section title={title} hint="A name of your own, first come, first served. Whoever sees your address sees it too.">
      <form onSubmit={(event) => void take(event)} className="flex max-w-sm flex-col gap-3">
        <TextField
          label="Handle"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={current ?? 'ada'}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={text !== '' && !isHandle(handle) ? '3 to 32 of a-z, 0-9, - and _.' : undefined}
        />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button
            type="submit"
            variant="primary"
            busy={action.busy}
            disabled={!action.possible || !isHandle(handle) || handle === current}
          >
            {current === undefined ? 'Take it' : 'Change it'}
          </Button>
          <SaidStatus said={said} what="Your handle" />
        </div>
        <FailureNotice failure={action.failure} />
      </form>
      <WalletDialog action={action} title={title} label={`Take @${handle}`} />
    </Section>
  )
}
