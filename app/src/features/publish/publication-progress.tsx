'use client'

import { Check } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { cn } from '../../ui/cn.ts'
import { Notice } from '../../ui/notice.tsx'
import { Progress } from '../../ui/progress.tsx'
import type { PublicationState } from './use-publication.ts'

const STEPS = [
  { id: 'sealing', label: 'Encrypting and uploading', text: 'Slice by slice, straight to your node.' },
  { id: 'dealing', label: 'Sharing the key among keepers', text: 'Each share is sealed to its keeper.' },
  { id: 'announcing', label: 'Registering on the chain', text: 'Confirm in your wallet.' },
] as const

type ProgressProps = {
  state: Exclude<PublicationState, { phase: 'idle' | 'done' }>
  onStop: () => void
  onReset: () => void
}

type Running = Exclude<ProgressProps['state'], { phase: 'failed' }>
type Failed = Extract<ProgressProps['state'], { phase: 'failed' }>

/** Where a publication is, phase by phase. */
export function PublicationProgressCard({ state, onStop, onReset }: ProgressProps) {
  if (state.phase === 'failed') return <PublicationFailed state={state} onReset={onReset} />
  return (
    <Card className="mx-auto max-w-2xl p-6 sm:p-8">
      <h2 className="text-lg font-semibold">Publishing</h2>
      <p className="mt-1 text-sm text-quiet">Keep this page open: leaving now throws the attempt away.</p>
      <Steps state={state} />
      {state.phase === 'working' && (
        <Button className="mt-6" onClick={onStop}>
          Stop and discard
        </Button>
      )}
    </Card>
  )
}

function PublicationFailed({ state: { error, again }, onReset }: { state: Failed; onReset: () => void }) {
  return (
    <Notice
      tone="bad"
      title={error.title}
      className="mx-auto max-w-2xl"
      action={
        <>
          {again !== undefined && (
            <Button variant="primary" onClick={again}>
              Go on from here
            </Button>
          )}
          <Button onClick={onReset}>Start over</Button>
        </>
      }
    >
      {error.hint}
      {again !== undefined && ' Everything is uploaded already; only the chain is missing.'}
    </Notice>
  )
}

function Steps({ state }: { state: Running }) {
  const { step, done, total } = locate(state)
  return (
    <ol className="mt-6 space-y-6">
      {STEPS.map(({ id, label, text }, index) => (
        <li key={id} className="flex gap-4" aria-current={index === step ? 'step' : undefined}>
          <StepMark state={index < step ? 'done' : index === step ? 'now' : 'later'} number={index + 1} />
          <div className={cn('min-w-0 flex-1', index > step && 'text-quiet')}>
            <p className="font-medium">{label}</p>
            <p className="text-sm text-quiet">{text}</p>
            {index === step && <Progress className="mt-3" label={label} value={done} max={total} />}
            {index === step && total > 1 && (
              <p className="mt-1 text-sm text-quiet tabular-nums">
                {done} of {total}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** The step of the list that the publication is at, and how far that is. */
function locate(state: Running) {
  if (state.phase === 'announcing') return { step: 2, done: state.done, total: state.total }
  const { phase, done, total } = state.progress ?? { phase: 'sealing', done: 0, total: 1 }
  return { step: phase === 'dealing' ? 1 : 0, done, total }
}

function StepMark({ state, number }: { state: 'done' | 'now' | 'later'; number: number }) {
  return (
    <span
      className={cn(
        'flex size-8 shrink-0 items-center justify-center rounded-full text-sm font-semibold',
        state === 'done' && 'bg-accent text-on-accent',
        state === 'now' && 'bg-accent-soft text-accent ring-2 ring-accent',
        state === 'later' && 'bg-sunken text-quiet',
      )}
    >
      {state === 'done' ? <Check aria-label="Done" className="size-4" /> : number}
    </span>
  )
}
