import { readEditions } from '@sluice/sdk/chain'
import type { Edition, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'

export type EditionChoice = {
  readonly contracts: SluiceContracts
  readonly contentId: Hex
  readonly editionId?: bigint
}

/** The named edition, or the cheapest one that is not sold out. Throws CONTENT_UNKNOWN when there is none. */
export async function chooseEdition(
  client: ReadClient,
  { contracts, contentId, editionId }: EditionChoice,
): Promise<Edition> {
  const editions = await readEditions(client, { contracts, contentId })
  if (editions.length === 0) {
    throw new SluiceError('CONTENT_UNKNOWN', `No edition of ${contentId} is on sale.`, {
      hint: 'Check the content id, and that the node follows the right chain.',
    })
  }
  const fitting =
    editionId === undefined ? editions.filter(isLeft) : editions.filter((edition) => edition.editionId === editionId)
  const [first, ...others] = fitting
  if (first === undefined)
    throw new SluiceError(
      'CONTENT_UNKNOWN',
      editionId === undefined ? 'Every edition is sold out.' : 'The content has no such edition.',
    )
  return others.reduce((best, edition) => (edition.terms.price < best.terms.price ? edition : best), first)
}

/** Whether an edition has keys left to sell. */
export function isLeft({ sold, terms }: Edition): boolean {
  return terms.maxSupply === 0n || sold < terms.maxSupply
}
