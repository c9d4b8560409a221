import { hexToBigInt } from 'viem'
import type { Address } from 'viem'
import type { Ask, Asking } from './ask.ts'
import { after, distinct, pageSize, toPage } from './pages.ts'
import type { Page, Paging } from './pages.ts'

const HASH_BYTES = 32

export declare namespace readKeyHoldings {
  type Options = Asking & Paging & { readonly holder: Address }
}

/**
 * Editions of which a wallet holds a key, or a timed one that has ended; the latest first. Whether it holds it, and until
 * when, says the chain.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`; `BAD_INPUT` for what is no cursor
 */
export async function readKeyHoldings(
  ask: Ask,
  options: readKeyHoldings.Options,
): Promise<Page<{ readonly editionId: bigint }>> {
  const size = pageSize(options)
  const held = { or: [{ balance_gt: '0' }, { expiresAt_gt: '0' }] }
  const where = {
    and: [{ holder: options.holder.toLowerCase() }, held, ...after(options.cursor, 'acquiredAt', 'desc')],
  }
  const answer = await ask('keyHoldings', { where, first: size + 1 }, options)
  const rows = answer.many('keyHoldings', size + 1, (holding) => ({
    editionId: hexToBigInt(holding.one('edition').hex('id', HASH_BYTES)),
    id: holding.id('id'),
    acquiredAt: holding.int64('acquiredAt'),
  }))
  const page = toPage(rows, size, ({ acquiredAt, id }) => ({ value: acquiredAt, id }))
  const editions = page.rows.map(({ editionId }) => ({ editionId }))
  return { ...page, rows: distinct(editions, ({ editionId }) => editionId) }
}
