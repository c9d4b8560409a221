import { keccak256, toHex } from 'viem'
import type { Hex } from 'viem'
import { contractsBy } from '../../../../sdk/src/chain/index.ts'
import type { SluiceContracts } from '../../../../sdk/src/chain/index.ts'
import { deploySluice, networkHelpers } from '../fixture.ts'
import type { Sluice } from '../fixture.ts'

/** When everything is measured: far ahead, and without a zero byte, which would make a deadline in calldata cheaper. */
export const TIME = 0xeeee_eeeen
export const HOUR = 3600n

export type GasWorld = Sluice & { readonly contracts: SluiceContracts }

/** Fresh contracts, at a time that is the same on every run. */
export async function deployGasWorld(): Promise<GasWorld> {
  const sluice = await deploySluice()
  await networkHelpers.time.increaseTo(TIME)
  return { ...sluice, contracts: contractsBy((name) => sluice[name].address) }
}

/** A word that looks random and is the same on every run. */
export function word(label: string): Hex {
  return keccak256(toHex(label))
}
