import { bytesToHex } from 'viem'
import type { Address } from 'viem'
import { coverRange } from '../content/key-tree.ts'
import { pattern } from '../content/fixtures.ts'
import { answerShareRequest } from './answer-share-request.ts'
import { dealLockbox } from './deal-lockbox.ts'
import { generateKeeperKey, keeperPublicKey } from './keeper-key.ts'
import type { Keeper } from './keeper-key.ts'
import type { LockboxContext } from './label.ts'
import { lockboxHashOf } from './lockbox.ts'
import type { LockboxPayload } from './payload.ts'
import { decodeShareRequest } from './share-request.ts'
import { verifyLockbox } from './verify-lockbox.ts'
import type { VerifiedLockbox } from './verify-lockbox.ts'
import { verifyShareRequest } from './verify-share-request.ts'

export const WALLET: Address = '0x00000000000000000000000000000000000000AA'
export const CONTENT_KEYS: Address = '0x00000000000000000000000000000000000000c1'
export const DOMAIN = { chainId: 31337, channels: '0x00000000000000000000000000000000000000c2' } as const
export const NOW = 1_800_000_000

export const CONTEXT: LockboxContext = {
  chainId: DOMAIN.chainId,
  contentKeys: CONTENT_KEYS,
  contentId: bytesToHex(pattern(32, 1)),
  version: 1,
  editionId: 77n,
  epoch: 1,
  rootDigest: bytesToHex(pattern(32, 2)),
}

export const WHOLE: LockboxPayload = {
  cover: coverRange(pattern(32, 3), 10, 0, 9),
  plaintextDigest: pattern(32, 4),
}

export type TestKeeper = Keeper & { readonly secret: Uint8Array }

export function makeKeepers(count: number): TestKeeper[] {
  return Array.from({ length: count }, (_, at) => {
    const secret = generateKeeperKey()
    return { peerId: `keeper-${at + 1}`, secret, publicKey: keeperPublicKey(secret) }
  })
}

export function publicPart({ peerId, publicKey }: TestKeeper): Keeper {
  return { peerId, publicKey }
}

/** A lockbox dealt to the keepers, and verified. */
export async function dealTo(
  keepers: readonly TestKeeper[],
  threshold: number,
  options: { context?: LockboxContext; payload?: LockboxPayload } = {},
): Promise<{ encoded: Uint8Array; lockbox: VerifiedLockbox }> {
  const { context = CONTEXT, payload = WHOLE } = options
  const encoded = await dealLockbox({ context, keepers: keepers.map(publicPart), threshold, payload })
  return { encoded, lockbox: verifyLockbox(encoded, { context, lockboxHash: lockboxHashOf(encoded) }) }
}

/** What an honest keeper answers to a holder. */
export async function answerAs(keeper: TestKeeper, encoded: Uint8Array): Promise<Uint8Array> {
  const request = decodeShareRequest(encoded)
  const identity = { ...publicPart(keeper), domain: DOMAIN, contentKeys: CONTENT_KEYS }
  return answerShareRequest(keeper.secret, request, { grant: await verifyShareRequest(identity, request) })
}
