'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import { resolveContent } from '@sluice/sdk/client'
import { useQuery } from '@tanstack/react-query'
import type { CID } from 'multiformats/cid'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { ContentFailed } from '../../../features/content-page/content-failed.tsx'
import { ContentLayout, ContentSkeleton } from '../../../features/content-page/content-layout.tsx'
import { OpenArticle } from '../../../features/content-page/open-article.tsx'
import { Poster } from '../../../features/content-page/poster.tsx'
import { LivePanel } from '../../../features/player/live-panel.tsx'
import { PlayerStage } from '../../../features/player/player-stage.tsx'
import { usePlayback } from '../../../features/player/use-playback.ts'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useContentClient, useContentReader } from '../../../web3/use-content-client.ts'
import { usePicture } from '../../../web3/use-content-data.ts'

/** Content by its CID: open to all, without wallet or chain. */
export function OpenContentScreen({ cid }: { cid: CID }) {
  const reader = useContentReader()
  const open = useContentClient()
  const playback = usePlayback()
  const [duration, setDuration] = useState<number>()
  const content = useQuery({
    queryKey: ['cid', cid.toString()],
    queryFn: ({ signal }) => resolveContent(reader, { kind: 'cid', cid }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
  const picture = usePicture(content.data?.manifest?.thumbnail)
  if (content.isError) return <ContentFailed error={content.error} retry={() => void content.refetch()} />
  if (content.data === undefined) return <ContentSkeleton />
  const { manifest, access, byteSize } = content.data
  const title = manifest?.title ?? 'Open content'
  const start = () => void playback.start((signal) => open({ reference: { kind: 'cid', cid }, signal }))
  const onPlay = access === 'open' ? start : undefined
  const busy = playback.state.phase === 'opening'
  const { state, report, stop } = playback
  return (
    <ContentLayout
      stage={
        <PlayerStage
          playback={playback}
          title={title}
          picture={picture}
          onDuration={setDuration}
          poster={
            <Poster
              seed={content.data.root.toString().slice(-12)}
              kind={manifest?.kind ?? 'file'}
              mime={manifest?.mime}
              picture={picture}
              onPlay={onPlay}
              busy={busy}
              label={`Open ${title}`}
            />
          }
        />
      }
      aside={
        state.phase === 'playing' ? (
          <LivePanel
            playing={state.playing}
            report={report}
            token={NATIVE_TOKEN}
            budget={undefined}
            duration={duration}
            onStop={stop}
          />
        ) : access === 'open' ? (
          <Section title="Open to all" hint="No key, no wallet, no payment.">
            <Button variant="primary" size="large" className="w-full" busy={busy} onClick={start}>
              <Download aria-hidden="true" />
              {busy ? 'Looking for seeders' : 'Open'}
            </Button>
          </Section>
        ) : (
          <Notice tone="info" title="This content needs a key">
            A CID does not say where its keys are sold. Open it by its content id, which starts with 0x.
          </Notice>
        )
      }
    >
      <OpenArticle title={title} manifest={manifest} root={content.data.root} byteSize={byteSize} />
    </ContentLayout>
  )
}
