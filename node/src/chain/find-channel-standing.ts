import { isSluiceError } from '@sluice/sdk'
import { readChannel } from '@sluice/sdk/chain'
import type { ReadClient } from '@sluice/sdk/chain'

/** A channel as it stands on chain; undefined when it was never opened. */
export async function findChannelStanding(
  client: ReadClient,
  options: readChannel.Options,
): Promise<readChannel.Result | undefined> {
  try {
    return await readChannel(client, options)
  } catch (error) {
    if (isSluiceError(error, 'CHANNEL_UNKNOWN')) return undefined
    throw error
  }
}
