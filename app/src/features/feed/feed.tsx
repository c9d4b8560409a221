'use client'

import type { ContentKind } from '@sluice/sdk/chain'
import { useState } from 'react'
import { useIndex } from '../../web3/use-index.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { FeedEmpty, FollowingNeedsWallet } from './feed-empty.tsx'
import { FeedList } from './feed-list.tsx'
import type { FeedView } from './feed-page.ts'
import { SearchBox } from './search-box.tsx'

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'media', label: 'Media' },
  { value: 'file', label: 'Files' },
  { value: 'component', label: 'Components' },
] as const satisfies readonly { value: ContentKind | 'all'; label: string }[]

const ORDERS = [
  { value: 'new', label: 'New' },
  { value: 'trending', label: 'Trending' },
  { value: 'following', label: 'Following' },
] as const satisfies readonly { value: FeedView['order']; label: string }[]

/** Everything that is on sale: newest first, by what is trending, of whom one follows, or by the words of a title. */
export function Feed() {
  const index = useIndex()
  const { address } = useWallet()
  const [order, setOrder] = useState<FeedView['order']>('new')
  const [kind, setKind] = useState<ContentKind | 'all'>('all')
  const [text, setText] = useState('')
  const view: FeedView = { order, text, kind: kind === 'all' ? undefined : kind }
  const needsWallet = order === 'following' && text === '' && address === undefined
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-3">
        {index !== undefined && text === '' && (
          <Segmented label="Order" value={order} options={ORDERS} onChange={setOrder} />
        )}
        <Segmented label="Kind" value={kind} options={KINDS} onChange={setKind} />
        {index !== undefined && (
          <div className="w-full sm:ml-auto sm:w-auto">
            <SearchBox onSearch={setText} />
          </div>
        )}
      </div>
      {order === 'trending' && text === '' && (
        <p className="text-sm text-quiet">
          Counted from views and keys sold of late. Advisory: a creator can have wallets of its own.
        </p>
      )}
      {needsWallet ? <FollowingNeedsWallet /> : <FeedList view={view} empty={<FeedEmpty view={view} />} />}
    </div>
  )
}
