'use client'

import type { readContent } from '@sluice/sdk/chain'
import { BuyPanel } from '../../../features/keys/buy-panel.tsx'
import { LivePanel } from '../../../features/player/live-panel.tsx'
import { BudgetSection } from '../../../features/session/budget-section.tsx'
import { CountViews } from '../../../features/social/count-views.tsx'
import { Section } from '../../../ui/card.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { SealedPlayback } from './use-sealed-playback.ts'

type SealedAsideProps = {
  sealed: SealedPlayback
  record: readContent.Result
  /** What starting is called: Play, or Open. */
  label: string
  duration: number | undefined
}

/** The next step with a content: get a key, set a budget, play, or watch what it costs; with a preview, both. */
export function SealedAside(props: SealedAsideProps) {
  const { token, session, playback } = props.sealed
  const { state, report, stop } = playback
  if (state.phase !== 'playing') return <NextStep {...props} />
  const { playing } = state
  const shared = { playing, report, token, duration: props.duration, onStop: stop }
  if (playing.content.part === 'whole') {
    return (
      <>
        <LivePanel {...shared} budget={session.budget} />
        <CountViews className="px-1" />
      </>
    )
  }
  return (
    <>
      <NextStep {...props} />
      <LivePanel {...shared} budget={undefined} />
    </>
  )
}

function NextStep({ sealed, record, label }: SealedAsideProps) {
  const { token, price, held, hasKey, session, playback, play } = sealed
  const { state } = playback
  if (held.asking) return <Skeleton className="h-64 rounded-2xl" />
  if (!hasKey) return <GetKey sealed={sealed} record={record} />
  return (
    <>
      <BudgetSection
        state={session}
        token={token}
        slices={record.version.sliceCount}
        slicePrice={price}
        label={label}
        busy={state.phase === 'opening'}
        onPlay={play}
      />
      <CountViews className="px-1" />
    </>
  )
}

function GetKey({ sealed: { wallet, editions }, record }: Pick<SealedAsideProps, 'sealed' | 'record'>) {
  const yours = record.content.creator === wallet.address
  const hint = yours ? 'You published this. To open it here you need a key, like anyone else.' : undefined
  return (
    <Section title="Get a key" hint={hint}>
      {editions.isPending ? (
        <Skeleton className="h-40" />
      ) : (
        <BuyPanel editions={editions.data ?? []} sliceCount={record.version.sliceCount} />
      )}
    </Section>
  )
}
