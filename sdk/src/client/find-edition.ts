import type { Hex } from 'viem'
import { isEntitledBy, readEditions } from '../chain/index.ts'
import type { Edition } from '../chain/index.ts'
import { SluiceError } from '../errors.ts'
import type { Consumer, Reader } from './context.ts'

/**
 * The edition by which a wallet may open a version of a content, the widest where there are several.
 * @throws NOT_ENTITLED when the wallet holds no key to that version
 */
export async function findEdition(
  { chain, contracts }: Reader,
  { wallet }: Pick<Consumer, 'wallet'>,
  { contentId, version }: { contentId: Hex; version: number },
): Promise<Edition> {
  const editions = await readEditions(chain, { contracts, contentId })
  // Only an edition's own version: its lockbox was dealt for those slices.
  const fitting = editions.filter((edition) => edition.version === version)
  const held = await Promise.all(
    fitting.map(({ editionId }) => isEntitledBy(chain, { contracts, editionId, holder: wallet })),
  )
  const [first, ...others] = fitting.filter((_, at) => held[at] === true)
  if (first === undefined) {
    throw new SluiceError('NOT_ENTITLED', `${wallet} holds no key to this content.`, {
      hint: `Buy one first: sluice buy ${contentId}`,
    })
  }
  return others.reduce((widest, edition) => (span(edition) > span(widest) ? edition : widest), first)
}

function span({ terms }: Edition): number {
  return terms.lastSlice - terms.firstSlice
}
