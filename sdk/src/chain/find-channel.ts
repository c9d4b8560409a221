import { getAbiItem } from 'viem'
import type { Hex } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import type { Descriptor } from '../channel/index.ts'
import { SluiceError } from '../errors.ts'
import { toChainError } from './chain-error.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Public endpoints commonly refuse wider ranges. */
const DEFAULT_BLOCK_RANGE = 10_000n
const DEFAULT_MAX_RANGES = 200

const channelOpened = getAbiItem({ abi: sliceChannelsAbi, name: 'ChannelOpened' })

/**
 * Finds what a channel id stands for, by the event of its opening, newest blocks first.
 *
 * @throws `CHANNEL_UNKNOWN` when the blocks looked at do not have it.
 */
export async function findChannel(client: ReadClient, options: findChannel.Options): Promise<findChannel.Result> {
  const { contracts, channelId, fromBlock = 0n, maxRanges = DEFAULT_MAX_RANGES } = options
  try {
    let toBlock = options.blockNumber ?? (await getBlockNumber(client, { cacheTime: 0 }))
    for (let ranges = 0; ranges < maxRanges && toBlock >= fromBlock; ranges++) {
      options.signal?.throwIfAborted()
      const start = toBlock - DEFAULT_BLOCK_RANGE + 1n > fromBlock ? toBlock - DEFAULT_BLOCK_RANGE + 1n : fromBlock
      const [log] = await getLogs(client, {
        address: contracts.channels,
        event: channelOpened,
        args: { channelId },
        fromBlock: start,
        toBlock,
        strict: true,
      })
      if (log !== undefined) {
        const { payer, payee, token, qx, qy, salt } = log.args
        const descriptor = { payer, payee, token, session: { qx, qy }, salt }
        return { descriptor, blockNumber: log.blockNumber }
      }
      toBlock = start - 1n
    }
  } catch (error) {
    throw toChainError(error, 'findChannel')
  }
  throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel was opened.', { details: { channelId } })
}

export declare namespace findChannel {
  type Options = ReadOptions & {
    readonly channelId: Hex
    /** Oldest block to look at, such as that of the deployment. */
    readonly fromBlock?: bigint | undefined
    /** Requests of 10,000 blocks; 200 when left out. */
    readonly maxRanges?: number | undefined
    readonly signal?: AbortSignal | undefined
  }
  type Result = { readonly descriptor: Descriptor; readonly blockNumber: bigint }
}
