import { randomBytes } from '@noble/hashes/utils.js'
import { bytesToHex, sha256 } from 'viem'
import type { Hex } from 'viem'
import { editionId as editionIdOf } from '../chain/index.ts'
import type { EditionTerms, SluiceContracts } from '../chain/index.ts'
import { cidOfBlockHash, coverRange, rootDigestOf } from '../content/index.ts'
import type { sealContent } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import { dealLockbox, verifyKeeperKey } from '../key/index.ts'
import type { KeeperInfo } from './network.ts'
import type { UploadSink } from './upload-sink.ts'

/** The epoch of an edition's first lockbox. */
const FIRST_EPOCH = 1

/** An edition whose lockbox is dealt and stored; only its transaction is missing. */
export type DealtEdition = {
  readonly editionId: bigint
  readonly editionSalt: Hex
  readonly terms: EditionTerms
  /** sha2-256 of the lockbox. */
  readonly lockboxHash: Hex
}

export declare namespace dealEdition {
  type Options = {
    readonly terms: EditionTerms
    readonly contentId: Hex
    readonly version: number
    readonly sealed: Pick<sealContent.Result, 'root' | 'sliceCount' | 'contentKey' | 'plaintextDigest'>
    readonly chainId: number
    readonly contracts: SluiceContracts
    readonly keepers: readonly KeeperInfo[]
    readonly threshold: number
    readonly sink: UploadSink
    readonly signal: AbortSignal
  }
}

/**
 * Deals the keys of an edition's slices among the keepers and hands the lockbox to the node.
 * @throws BAD_INPUT for a range, a threshold or keepers that make no deal, PROOF_INVALID for a keeper without its key
 */
export async function dealEdition(options: dealEdition.Options): Promise<DealtEdition> {
  const { terms, contentId, version, sealed, chainId, contracts, threshold, sink, signal } = options
  const editionSalt = bytesToHex(randomBytes(32))
  const editionId = editionIdOf(contentId, editionSalt)
  const lockbox = await dealLockbox({
    context: {
      chainId,
      contentKeys: contracts.keys,
      contentId,
      version,
      editionId,
      epoch: FIRST_EPOCH,
      rootDigest: rootDigestOf(sealed.root),
    },
    keepers: provenKeepers(options),
    threshold,
    payload: payloadOf(options),
  })
  const lockboxHash = sha256(lockbox)
  await sink.putBlock(cidOfBlockHash(lockboxHash), lockbox, signal)
  return { editionId, editionSalt, terms, lockboxHash }
}

function payloadOf({ terms, sealed }: dealEdition.Options) {
  const { contentKey, sliceCount, plaintextDigest } = sealed
  const last = lastSliceOf(terms, sliceCount)
  const cover = coverRange(contentKey, sliceCount, terms.firstSlice, last)
  const whole = terms.firstSlice === 0 && last === sliceCount - 1
  return whole ? { cover, plaintextDigest } : { cover }
}

/** The last slice that an edition opens of a version with `sliceCount` slices. */
export function lastSliceOf({ lastSlice }: Pick<EditionTerms, 'lastSlice'>, sliceCount: number): number {
  return Math.min(lastSlice, sliceCount - 1)
}

/** A keeper that cannot prove its key might have made it from others' keys, so it is dealt nothing. */
function provenKeepers({ keepers, chainId, contracts }: dealEdition.Options) {
  return keepers.map(({ peerId, publicKey, proof }) => {
    if (!verifyKeeperKey({ peerId, publicKey, chainId, contentKeys: contracts.keys }, proof)) {
      throw new SluiceError('PROOF_INVALID', `Keeper ${peerId} does not prove that it holds its key.`, {
        details: { peerId },
      })
    }
    return { peerId, publicKey }
  })
}
