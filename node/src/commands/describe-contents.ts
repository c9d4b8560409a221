import { readContents, readEditions } from '@sluice/sdk/chain'
import type { ContentKind } from '@sluice/sdk/chain'
import { cidOfBlockHash, decodeManifest } from '@sluice/sdk/content'
import type { Manifest } from '@sluice/sdk/content'
import type { Address, Hex } from 'viem'
import type { Context } from './context.ts'
import { formatBytes, formatTokenAmount } from './format.ts'
import { cheapest, isLeft } from './choose-edition.ts'

/** Contents that are described at once. */
const AT_ONCE = 12
/** Milliseconds that the titles of a page are waited for, all together. */
const TITLES_MS = 15_000

/** One content of a list. What it is and costs says the chain, what it is called the manifest that the chain names. */
export type ListedContent = {
  readonly contentId: Hex
  readonly kind: ContentKind
  readonly creator: Address
  readonly version: number
  /** Unix seconds, of the latest version. */
  readonly publishedAt: number
  /** Null where nobody online has the manifest. */
  readonly title: string | null
  readonly description: string | null
  readonly bytes: number | null
  /** Of the cheapest edition that is left; null where none is. */
  readonly price: { readonly amount: string; readonly token: Address } | null
}

/** What the chain says is on sale among some contents, in their order; an index may name what is not. */
export async function describeContents(
  context: Context,
  contentIds: readonly Hex[],
  keep: (content: Pick<ListedContent, 'kind' | 'creator'>) => boolean,
): Promise<ListedContent[]> {
  const { contracts } = context
  const client = await context.publicClient()
  const onSale = (await readContents(client, { contracts, contentIds })).filter(
    ({ content }) => content.status === 'active' && keep(content),
  )
  const signal = waitForTitles(context)
  const described: ListedContent[] = []
  for (let start = 0; start < onSale.length; start += AT_ONCE) {
    const group = onSale.slice(start, start + AT_ONCE).map(async ({ content, latest }): Promise<ListedContent> => {
      const { contentId, kind, creator, versionCount } = content
      const [manifest, price] = await Promise.all([
        readManifest(context, latest.metaHash, signal),
        lowestPrice(context, contentId),
      ])
      return {
        contentId,
        kind,
        creator,
        version: versionCount,
        publishedAt: Number(latest.publishedAt),
        title: manifest?.title ?? null,
        description: manifest?.description ?? null,
        bytes: manifest?.byteSize ?? null,
        price,
      }
    })
    described.push(...(await Promise.all(group)))
  }
  return described
}

/** Ends what asks for the titles of one page. */
export function waitForTitles({ signal }: Pick<Context, 'signal'>): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TITLES_MS)])
}

/** A manifest from the network, checked against its hash; undefined where nobody answers with one that can be read. */
export async function readManifest(
  { network }: Pick<Context, 'network'>,
  metaHash: Hex,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  try {
    return decodeManifest(await network.fetchBlock(cidOfBlockHash(metaHash), { signal }))
  } catch {
    return undefined
  }
}

async function lowestPrice(context: Context, contentId: Hex): Promise<ListedContent['price']> {
  const editions = await readEditions(await context.publicClient(), { contracts: context.contracts, contentId })
  const edition = cheapest(editions.filter(isLeft))
  return edition === undefined ? null : { amount: edition.terms.price.toString(), token: edition.terms.token }
}

/** A content as a line of a list. */
export function contentLine({ contentId, kind, title, bytes, price }: ListedContent): string {
  return [
    contentId,
    kind.padEnd(9),
    (bytes === null ? '' : formatBytes(bytes)).padStart(10),
    (price === null ? 'sold out' : formatTokenAmount(BigInt(price.amount), price.token)).padStart(14),
    titleOr(title),
  ].join('  ')
}

/** A title for a line of a list. */
export function titleOr(title: string | null): string {
  return title ?? '(nobody online has its title)'
}
