import { encodeAbiParameters, sha256 } from 'viem'
import type { Address, Hex } from 'viem'
import type { Keeper } from './keeper-key.ts'

/** Keepers of one lockbox at most. */
export const MAX_KEEPERS = 64

/** What a lockbox opens, and where. */
export type LockboxContext = {
  readonly chainId: number
  /** Address of ContentKeys. */
  readonly contentKeys: Address
  readonly contentId: Hex
  /** The content's version whose slices the lockbox opens. */
  readonly version: number
  readonly editionId: bigint
  /** Of the lockbox; rises when the same key material is dealt anew. */
  readonly epoch: number
  /** sha2-256 of the root CID's 36 bytes: see `rootDigestOf`. */
  readonly rootDigest: Hex
}

/** Everything that a lockbox's label hashes, of constant size. */
export type LabelPreimage = LockboxContext & {
  /** Shares that open the lockbox. */
  readonly threshold: number
  readonly keeperCount: number
  /** See {@link keepersHashOf}. */
  readonly keepersHash: Hex
}

const LABEL_TYPES = [
  { type: 'string' },
  { type: 'uint256' },
  { type: 'address' },
  { type: 'bytes32' },
  { type: 'uint32' },
  { type: 'uint256' },
  { type: 'uint32' },
  { type: 'bytes32' },
  { type: 'uint8' },
  { type: 'uint8' },
  { type: 'bytes32' },
] as const

/** L, which every proof of a deal hashes: a deal made under one label is worthless under another. */
export function labelOf(label: LabelPreimage): Hex {
  return sha256(
    encodeAbiParameters(LABEL_TYPES, [
      'sluice/lockbox/1',
      BigInt(label.chainId),
      label.contentKeys,
      label.contentId,
      label.version,
      label.editionId,
      label.epoch,
      label.rootDigest,
      label.threshold,
      label.keeperCount,
      label.keepersHash,
    ]),
  )
}

/** `sha256(abi.encode(string[] peerIds, bytes32[] publicKeys))`, in the order of the deal. */
export function keepersHashOf(keepers: readonly Keeper[]): Hex {
  const [peerIds, publicKeys] = [keepers.map(({ peerId }) => peerId), keepers.map(({ publicKey }) => publicKey)]
  return sha256(encodeAbiParameters([{ type: 'string[]' }, { type: 'bytes32[]' }], [peerIds, publicKeys]))
}
