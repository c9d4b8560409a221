import { getGasPrice } from 'viem/actions'
import { CHANNEL_FACTOR, CHANNEL_GAS } from '@sluice/sdk/channel'
import type { Context } from './context.ts'

/** Others may ask more than the own node does. */
const PRICE_MARGIN = 2n
/** Sources worth a channel each. */
const CHANNELS = 2n

/**
 * A budget for `sliceCount` slices when the user names none: twice what this node itself would ask for them, and in any
 * case enough for seeders' smallest channels at the gas price of now. In base units of the native coin.
 */
export async function estimateBudget(context: Context, sliceCount: number): Promise<bigint> {
  const slices = BigInt(context.status.price.amount) * BigInt(sliceCount) * PRICE_MARGIN
  const gasPrice = await getGasPrice(await context.publicClient())
  const channels = CHANNELS * CHANNEL_GAS * CHANNEL_FACTOR * gasPrice
  return slices > channels ? slices : channels
}
