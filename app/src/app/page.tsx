import { Feed } from '../features/feed/feed.tsx'
import { OpenBox } from '../features/feed/open-box.tsx'
import { PageHeader } from '../ui/page-header.tsx'

export default function DiscoverPage() {
  return (
    <>
      <PageHeader title="Discover" action={<OpenBox />}>
        Buy a key and stream at once, from everyone who holds a copy. Each of them is paid by the slice.
      </PageHeader>
      <Feed />
    </>
  )
}
