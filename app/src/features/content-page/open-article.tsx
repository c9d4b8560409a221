import type { Manifest } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Facts } from './facts.tsx'

type OpenArticleProps = { title: string; manifest: Manifest | undefined; root: CID; byteSize: number }

/** What is known of content that has no record on chain. */
export function OpenArticle({ title, manifest, root, byteSize }: OpenArticleProps) {
  return (
    <article>
      <h1 className="text-2xl font-semibold break-words sm:text-3xl">{title}</h1>
      {manifest !== undefined && manifest.description !== '' && (
        <p className="mt-6 max-w-prose break-words whitespace-pre-line">{manifest.description}</p>
      )}
      <Facts
        className="mt-8"
        facts={[
          { name: 'File', value: manifest?.name },
          { name: 'Size', value: formatBytes(byteSize) },
          { name: 'Slices', value: manifest && formatCount(manifest.sliceCount, 'slice') },
          { name: 'Type', value: manifest?.mime },
          { name: 'Root CID', value: root.toString(), copy: true },
        ]}
      />
    </article>
  )
}
