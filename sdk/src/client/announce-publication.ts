import { createEdition, publishContent, readContent, readEdition } from '../chain/index.ts'
import type { SluiceContracts, WriteClient } from '../chain/index.ts'
import { isSluiceError } from '../errors.ts'
import type { PreparedPublication } from './prepare-publication.ts'

export type AnnounceStep = {
  readonly action: 'publish' | 'createEdition'
  readonly done: number
  readonly total: number
}

export declare namespace announcePublication {
  type Options = {
    readonly contracts: SluiceContracts
    readonly signal: AbortSignal
    /** Told before each transaction is signed, and once more when all are mined. */
    readonly onStep?: (step: AnnounceStep) => void
  }
}

/**
 * Registers a prepared publication and its editions, one transaction each, under the client's account. The content's
 * first version is 1, as the lockboxes were dealt for. What an earlier call got done is not done again, so a publication
 * that stopped half-way (gas ran out, the wallet said no) is announced by calling this once more.
 * @throws CHAIN_REVERT, INSUFFICIENT_FUNDS, USER_REJECTED, …
 */
export async function announcePublication(
  client: WriteClient,
  publication: PreparedPublication,
  { contracts, signal, onStep }: announcePublication.Options,
): Promise<void> {
  const { salt, metaHash, proofRoot, sliceCount, kind, title, contentId, editions } = publication
  const total = 1 + editions.length
  onStep?.({ action: 'publish', done: 0, total })
  if (!(await exists(() => readContent(client, { contracts, contentId })))) {
    await publishContent(client, { contracts, salt, metaHash, proofRoot, sliceCount, kind, title, signal })
  }
  for (const [index, { editionId, editionSalt, terms, lockboxHash }] of editions.entries()) {
    onStep?.({ action: 'createEdition', done: 1 + index, total })
    if (await exists(() => readEdition(client, { contracts, editionId }))) continue
    await createEdition(client, { contracts, contentId, editionSalt, terms, version: 1, lockboxHash, signal })
  }
  onStep?.({ action: 'createEdition', done: total, total })
}

async function exists(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    const unknown = isSluiceError(error, 'CONTENT_UNKNOWN') || isSluiceError(error, 'CHAIN_REVERT')
    if (unknown) return false
    throw error
  }
}
