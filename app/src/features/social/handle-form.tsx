'use client'

import { isHandle } from '@sluice/sdk/social'
import type { SocialDeed } from '@sluice/sdk/social'
import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { useSocialAction } from './use-social-action.ts'

/** Takes a handle for the connected wallet, or another one. */
export function HandleForm({ current }: { current: string | undefined }) {
  const [text, setText] = useState('')
  const handle = text.trim().toLowerCase().replace(/^@/u, '')
  const deed: SocialDeed | undefined = isHandle(handle) && handle !== current ? { kind: 'handle', handle } : undefined
  const { cost, state, busy, submit, possible } = useSocialAction('Take a handle', deed)
  const take = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await submit()) setText('')
  }
  return (
    <Section
      title={current === undefined ? 'Take a handle' : 'Change your handle'}
      hint="A name of your own, first come, first served. Whoever sees your address sees it too."
    >
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
        {deed !== undefined && <TransactionCost cost={cost.data} error={cost.error} />}
        <Button type="submit" variant="primary" className="self-start" busy={busy} disabled={!possible}>
          {current === undefined ? 'Take it' : 'Change it'}
        </Button>
        <TransactionStatus state={state} done="It is yours." />
      </form>
    </Section>
  )
}
