import type { Hex } from 'viem'
import { randomHex } from './channels.ts'
import { NATIVE } from './fixture.ts'
import type { Sluice } from './fixture.ts'

export const Kind = { Media: 0, File: 1, Component: 2 } as const
export const Status = { None: 0, Active: 1, Delisted: 2 } as const

/** Slices of the content that {@link publish} registers. */
export const SLICES = 100

/** Publishes a content of the creator. */
export async function publish({ registry, creator }: Sluice, salt: Hex = randomHex()) {
  const [metaHash, proofRoot] = [randomHex(), randomHex()]
  const hash = await registry.write.publish([salt, metaHash, proofRoot, SLICES, Kind.Media], {
    account: creator.account,
  })
  const contentId = await registry.read.contentIdOf([creator.account.address, salt])
  return { contentId, salt, metaHash, proofRoot, hash }
}

export type Terms = Parameters<Sluice['keys']['write']['createEdition']>[0][2]

export const terms: Terms = {
  price: 10n ** 15n,
  token: NATIVE,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: SLICES - 1,
  laterVersions: false,
  duration: 0,
  royaltyBps: 500,
  referralBps: 1000,
  transferable: true,
  payouts: [],
}

/** Creates an edition of the content's first version. */
export async function createEdition({ keys, creator }: Sluice, contentId: Hex, change: Partial<Terms> = {}) {
  const [salt, lockboxHash] = [randomHex(), randomHex()]
  const offered = { ...terms, ...change }
  const hash = await keys.write.createEdition([contentId, salt, offered, 1, lockboxHash], { account: creator.account })
  return { editionId: await keys.read.editionIdOf([contentId, salt]), terms: offered, salt, lockboxHash, hash }
}
