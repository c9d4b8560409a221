'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import type { readContent } from '@sluice/sdk/chain'
import { useState } from 'react'
import type { Hex } from 'viem'
import { ContentArticle } from '../../../features/content-page/content-article.tsx'
import { ContentFailed } from '../../../features/content-page/content-failed.tsx'
import { ContentLayout, ContentSkeleton } from '../../../features/content-page/content-layout.tsx'
import { Poster } from '../../../features/content-page/poster.tsx'
import { useContent } from '../../../features/content-page/use-content.ts'
import { BuyPanel } from '../../../features/keys/buy-panel.tsx'
import { useEntitlement } from '../../../features/keys/use-entitlement.ts'
import { LivePanel } from '../../../features/player/live-panel.tsx'
import { PlayerStage } from '../../../features/player/player-stage.tsx'
import { usePlayback } from '../../../features/player/use-playback.ts'
import { BudgetSection } from '../../../features/session/budget-section.tsx'
import { useSession } from '../../../features/session/use-session.ts'
import { Section } from '../../../ui/card.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useOrigin } from '../../../web3/origin-provider.tsx'
import { useContentClient } from '../../../web3/use-content-client.ts'
import { useEditions, usePicture } from '../../../web3/use-content-data.ts'
import { useWallet } from '../../../web3/use-wallet.ts'

/** A seeder that asks for so many times what this page's own node asks is passed over. */
const FAIR_MULTIPLE = 10n

/** A content on chain: buy a key, set a budget, play. */
export function SealedContentScreen({ contentId }: { contentId: Hex }) {
  const { record, manifest } = useContent(contentId)
  if (record.isError) return <ContentFailed error={record.error} retry={() => void record.refetch()} />
  if (record.data === undefined) return <ContentSkeleton />
  return <Screen record={record.data} manifest={manifest} />
}

type ScreenProps = { record: readContent.Result; manifest: ReturnType<typeof useContent>['manifest'] }

function Screen({ record, manifest }: ScreenProps) {
  const { content, number: version, version: stored } = record
  const { contentId } = content
  const { price } = useOrigin()
  const token = price?.token ?? NATIVE_TOKEN
  const limit = price === undefined ? {} : { maxPrice: price.amount * FAIR_MULTIPLE }
  const wallet = useWallet()
  const editions = useEditions(contentId)
  const list = editions.data ?? []
  const { entitled } = useEntitlement({ contentId, version, sliceCount: stored.sliceCount, editions: list })
  const session = useSession(token)
  const playback = usePlayback()
  const [duration, setDuration] = useState<number>()
  const open = useContentClient(session.session)
  const picture = usePicture(manifest.data?.thumbnail)
  const title = manifest.data?.title ?? ''
  const label = manifest.data?.kind === 'media' ? 'Play' : 'Open'
  const play = () =>
    void playback.start((signal) => open({ ...limit, reference: { kind: 'content', contentId }, version, signal }))
  const playable = wallet.status === 'ready' && entitled === true && session.authorised
  const busy = playback.state.phase === 'opening'
  const poster = (
    <Poster
      seed={contentId}
      kind={content.kind}
      mime={manifest.data?.mime}
      picture={picture}
      onPlay={playable ? play : undefined}
      busy={busy}
      label={`${label} ${title}`}
    />
  )
  const aside = () => {
    if (playback.state.phase === 'playing') {
      const { playing } = playback.state
      const shared = { report: playback.report, budget: session.budget, token, duration }
      return <LivePanel playing={playing} {...shared} onStop={playback.stop} />
    }
    if (wallet.address !== undefined && entitled === undefined) return <Skeleton className="h-64 rounded-2xl" />
    if (entitled !== true || wallet.status !== 'ready') {
      return (
        <Section title={entitled === true ? 'You have a key' : 'Get a key'}>
          {editions.isPending ? (
            <Skeleton className="h-40" />
          ) : (
            <BuyPanel editions={list} sliceCount={stored.sliceCount} onBought={() => undefined} />
          )}
        </Section>
      )
    }
    return (
      <BudgetSection
        state={session}
        token={token}
        slices={stored.sliceCount}
        slicePrice={price?.amount}
        label={label}
        busy={busy}
        onPlay={play}
      />
    )
  }
  return (
    <ContentLayout
      stage={
        <PlayerStage playback={playback} title={title} poster={poster} picture={picture} onDuration={setDuration} />
      }
      aside={aside()}
    >
      <ContentArticle record={record} manifest={manifest.data} error={manifest.error} />
    </ContentLayout>
  )
}
