'use client'

import type { readContent } from '@sluice/sdk/chain'
import type { Manifest } from '@sluice/sdk/content'
import { useState } from 'react'
import type { Hex } from 'viem'
import { ContentArticle } from '../../../features/content-page/content-article.tsx'
import { ContentFailed } from '../../../features/content-page/content-failed.tsx'
import { ContentLayout, ContentSkeleton } from '../../../features/content-page/content-layout.tsx'
import { Poster } from '../../../features/content-page/poster.tsx'
import { useContent } from '../../../features/content-page/use-content.ts'
import { OfferList } from '../../../features/keys/offer-list.tsx'
import { ConnectNode } from '../../../features/node-connection/connect-node.tsx'
import { PlayerStage } from '../../../features/player/player-stage.tsx'
import { Comments } from '../../../features/social/comments.tsx'
import { Reactions } from '../../../features/social/reactions.tsx'
import { useRecordView } from '../../../features/social/use-record-view.ts'
import { usePicture } from '../../../web3/use-content-data.ts'
import { SealedAside } from './sealed-aside.tsx'
import { useSealedPlayback } from './use-sealed-playback.ts'
import type { SealedPlayback } from './use-sealed-playback.ts'

/** A content on chain: buy a key, set a budget, play. */
export function SealedContentScreen({ contentId }: { contentId: Hex }) {
  const { record, manifest } = useContent(contentId)
  if (record.isError) return <ContentFailed error={record.error} retry={() => void record.refetch()} />
  if (record.data === undefined) return <ContentSkeleton />
  return <Screen record={record.data} manifest={manifest} />
}

type ScreenProps = { record: readContent.Result; manifest: ReturnType<typeof useContent>['manifest'] }

function Screen({ record, manifest: { data: manifest, error } }: ScreenProps) {
  const { contentId, kind } = record.content
  const sealed = useSealedPlayback(contentId)
  const [duration, setDuration] = useState<number>()
  const picture = usePicture(manifest?.thumbnail)
  const recordView = useRecordView({ ...record.content, editions: sealed.editions.data })
  const { state } = sealed.playback
  const isWhole = state.phase === 'playing' && state.playing.content.part === 'whole'
  const title = manifest?.title ?? ''
  const label = manifest?.kind === 'media' ? 'Play' : 'Open'
  const poster = (
    <Poster
      seed={contentId}
      kind={kind}
      mime={manifest?.mime}
      picture={picture}
      busy={state.phase === 'opening'}
      {...chooseStart(sealed, manifest, label)}
    />
  )
  return (
    <ContentLayout
      stage={
        <PlayerStage
          playback={sealed.playback}
          title={title}
          poster={poster}
          picture={picture}
          onDuration={setDuration}
          onSeen={isWhole ? recordView : undefined}
        />
      }
      aside={
        <>
          <SealedAside sealed={sealed} record={record} label={label} duration={duration} />
          <OfferList contentId={contentId} editions={sealed.editions.data} sliceCount={record.version.sliceCount} />
        </>
      }
    >
      <ContentArticle
        record={record}
        manifest={manifest}
        error={error}
        reactions={<Reactions contentId={contentId} />}
      />
      <Comments contentId={contentId} connectNode={<ConnectNode />} className="mt-8" />
    </ContentLayout>
  )
}

/** Who can play all of it is offered that; for what the creator gives away nobody needs a wallet. */
function chooseStart(sealed: SealedPlayback, manifest: Manifest | undefined, label: string) {
  const title = manifest?.title ?? ''
  if (sealed.ready) return { onPlay: sealed.play, label: `${label} ${title}` }
  const onPlay = manifest?.preview === undefined ? undefined : sealed.playPreview
  return { onPlay, label: `${label} preview of ${title}` }
}
