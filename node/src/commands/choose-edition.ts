import { readEditions } from '@sluice/sdk/chain'
import type { Edition, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import { isAddressEqual } from 'viem'
import type { Address, Hex } from 'viem'
import { formatTokenAmount } from './format.ts'

export type EditionChoice = {
  readonly contracts: SluiceContracts
  readonly contentId: Hex
  /** That is paid in: an edition that is sold for another one is not chosen. */
  readonly token: Address
  readonly editionId?: bigint
}

/**
 * The named edition, or the cheapest one that is not sold out, for a token. Throws CONTENT_UNKNOWN when there is none,
 * and BAD_INPUT where there is one for another token.
 */
export async function chooseEdition(
  client: ReadClient,
  { contracts, contentId, token, editionId }: EditionChoice,
): Promise<Edition> {
  const editions = await readEditions(client, { contracts, contentId })
  if (editions.length === 0) {
    throw new SluiceError('CONTENT_UNKNOWN', `No edition of ${contentId} is on sale.`, {
      hint: 'Check the content id, and that the node follows the right chain.',
    })
  }
  const fitting =
    editionId === undefined ? editions.filter(isLeft) : editions.filter((edition) => edition.editionId === editionId)
  const [any] = fitting
  if (any === undefined)
    throw new SluiceError(
      'CONTENT_UNKNOWN',
      editionId === undefined ? 'Every edition is sold out.' : 'The content has no such edition.',
    )
  return cheapest(fitting.filter(({ terms }) => isAddressEqual(terms.token, token))) ?? refuseToken(any)
}

/** The one with the lowest price, as a number; undefined without any. */
export function cheapest([first, ...others]: readonly Edition[]): Edition | undefined {
  return others.reduce((best, edition) => (edition.terms.price < (best?.terms.price ?? 0n) ? edition : best), first)
}

function refuseToken({ terms }: Edition): never {
  throw new SluiceError('BAD_INPUT', `The creator sells it for ${formatTokenAmount(terms.price, terms.token)} a key.`, {
    hint: `--token ${terms.token} says that this is what you mean to pay in.`,
  })
}

/** Whether an edition has keys left to sell. */
export function isLeft({ sold, terms }: Edition): boolean {
  return terms.maxSupply === 0n || sold < terms.maxSupply
}
