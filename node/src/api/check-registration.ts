import { SluiceError } from '@sluice/sdk'
import { readContent } from '@sluice/sdk/chain'
import type { ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { digestHexOf, parseCid } from '@sluice/sdk/content'
import type { ApiComponents } from './components.ts'

/** Believes the chain, not the caller: this version of the content must have this manifest's hash. */
export function createRegistrationCheck(
  client: ReadClient,
  contracts: SluiceContracts,
): ApiComponents['checkRegistration'] {
  return async (manifestCid, contentId, version) => {
    const { version: registered } = await readContent(client, { contracts, contentId, version })
    if (registered.metaHash.toLowerCase() === digestHexOf(parseCid(manifestCid))) return
    throw new SluiceError('MANIFEST_INVALID', 'The chain has another manifest for this version of the content.', {
      details: { contentId, version },
    })
  }
}
