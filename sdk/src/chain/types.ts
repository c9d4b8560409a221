import type { Address } from 'viem'

/** Where the contracts of one deployment live. */
export interface SluiceContracts {
  /** MetaHashRegistry: who published which content. */
  registry: Address
  /** ContentKeys: editions and the keys sold from them. */
  keys: Address
  /** SliceChannels: escrow, sessions and payment channels. */
  channels: Address
}
