'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import { resolveContent } from '@sluice/sdk/client'
import type { ResolvedContent } from '@sluice/sdk/client'
import { DAG_CBOR, digestHexOf } from '@sluice/sdk/content'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { CID } from 'multiformats/cid'
import { useState } from 'react'
import type { Hex } from 'viem'
import { ContentFailed } from '../../../features/content-page/content-failed.tsx'
import { ContentLayout, ContentSkeleton } from '../../../features/content-page/content-layout.tsx'
import { OpenArticle } from '../../../features/content-page/open-article.tsx'
import { Poster } from '../../../features/content-page/poster.tsx'
import { ConnectNode } from '../../../features/node-connection/connect-node.tsx'
import { LivePanel } from '../../../features/player/live-panel.tsx'
import { PlayerStage } from '../../../features/player/player-stage.tsx'
import { usePlayback } from '../../../features/player/use-playback.ts'
import type { Playback } from '../../../features/player/use-playback.ts'
import { Comments } from '../../../features/social/comments.tsx'
import { Reactions } from '../../../features/social/reactions.tsx'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useContentClient, useContentReader } from '../../../web3/use-content-client.ts'
import { usePicture } from '../../../web3/use-content-data.ts'

/** Content by its CID: open to all, without wallet or chain. */
export function OpenContentScreen({ cid }: { cid: CID }) {
  const reader = useContentReader()
  const content = useQuery({
    queryKey: ['cid', cid.toString()],
    queryFn: ({ signal }) => resolveContent(reader, { kind: 'cid', cid }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    // CIDs are instances of a class, which structural sharing would take apart.
    structuralSharing: false,
  })
  if (content.isError) return <ContentFailed error={content.error} retry={() => void content.refetch()} />
  if (content.data === undefined) return <ContentSkeleton />
  return <Screen cid={cid} content={content.data} />
}

function Screen({ cid, content }: { cid: CID; content: ResolvedContent }) {
  const { manifest, access, byteSize, root } = content
  const open = useContentClient()
  const playback = usePlayback()
  const [duration, setDuration] = useState<number>()
  const picture = usePicture(manifest?.thumbnail)
  const title = manifest?.title ?? 'Open content'
  const start = () => void playback.start((signal) => open({ reference: { kind: 'cid', cid }, signal }))
  const poster = (
    <Poster
      seed={content.root.toString().slice(-12)}
      kind={manifest?.kind ?? 'file'}
      mime={manifest?.mime}
      picture={picture}
      onPlay={access === 'open' ? start : undefined}
      busy={playback.state.phase === 'opening'}
      label={`Open ${title}`}
    />
  )
  const stage = { playback, title, poster, picture, onDuration: setDuration }
  return (
    <ContentLayout
      stage={<PlayerStage {...stage} />}
      aside={access === 'open' ? <Aside playback={playback} duration={duration} onOpen={start} /> : <NeedsKey />}
    >
      <OpenArticle title={title} manifest={manifest} root={root} byteSize={byteSize} />
      {cid.code === DAG_CBOR && <Said topic={digestHexOf(cid)} />}
    </ContentLayout>
  )
}

/** The chain names open content by its meta-hash, so by another CID nothing was said of it. */
function Said({ topic }: { topic: Hex }) {
  return (
    <div className="mt-8 space-y-5">
      <Reactions contentId={topic} />
      <Comments contentId={topic} connectNode={<ConnectNode />} />
    </div>
  )
}

type AsideProps = { playback: Playback; duration: number | undefined; onOpen: () => void }

function Aside({ playback: { state, report, stop }, duration, onOpen }: AsideProps) {
  if (state.phase === 'playing') {
    const live = { playing: state.playing, report, token: NATIVE_TOKEN, budget: undefined, duration }
    return <LivePanel {...live} onStop={stop} />
  }
  const busy = state.phase === 'opening'
  return (
    <Section title="Open to all" hint="No key, no wallet, no payment.">
      <Button variant="primary" size="large" className="w-full" busy={busy} onClick={onOpen}>
        <Download aria-hidden="true" />
        {busy ? 'Looking for seeders' : 'Open'}
      </Button>
    </Section>
  )
}

function NeedsKey() {
  return (
    <Notice tone="info" title="This content needs a key">
      A CID does not say where its keys are sold. Open it by its content id, which starts with 0x.
    </Notice>
  )
}
