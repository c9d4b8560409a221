import { readEditions } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import type { ChainContext } from './context.ts'
import { parseBigInt } from './format.ts'

/** Of a content the named edition, or the first, that fits. Throws NOT_FOUND where it does not. */
export async function chooseOwnEdition(
  context: ChainContext,
  contentId: Hex,
  named: string | undefined,
  fits: (edition: Edition) => Promise<boolean>,
): Promise<Edition> {
  const { contracts } = context
  const wanted = named === undefined ? undefined : parseBigInt(named, '--edition')
  for (const edition of await readEditions(await context.publicClient(), { contracts, contentId })) {
    if ((wanted === undefined || edition.editionId === wanted) && (await fits(edition))) return edition
  }
  throw new SluiceError('NOT_FOUND', 'This wallet has no such key of this content, or not so many, or offers none.', {
    hint: 'sluice keys lists what it holds. Timed keys, and those that do not transfer, cannot be resold.',
  })
}
