import type { ResolvedContent, UnlockedContent } from '@sluice/sdk/client'
import { readPlaintext, unlockContent } from '@sluice/sdk/client'
import { SluiceError } from '@sluice/sdk'
import type { Address } from 'viem'
import type { DownloadRequest } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import { hasBit } from '../store/index.ts'
import { fetchIntoStore, makeRoom, UNKNOWN_MIME } from './fetch-into-store.ts'
import type { RunningJob } from './job-state.ts'
import type { Purse } from './purses.ts'
import { readerOf, resolveFor } from './reader.ts'
import { torrentOf } from './torrent-of.ts'
import type { Prepared } from './types.ts'

const NOTHING = new Uint8Array()

/** Fetches a content for a wallet, pays for it, and offers its plaintext while it arrives. */
export async function startDownload(
  parts: DaemonParts,
  job: RunningJob,
  request: DownloadRequest,
  purseOf: (wallet: Address) => Purse,
): Promise<Prepared> {
  const content = await resolveFor(parts, job, request.content, request.version)
  const purse = content.access === 'open' ? undefined : purseOf(walletOf(request))
  const unlocked = purse === undefined ? undefined : await unlockContent(readerOf(parts), purse.consumer, content, job)
  await makeRoom(parts, job, content)
  const limits = limitsOf(request)
  const torrent = torrentOf(parts, request, content)
  return {
    content: {
      byteSize: content.byteSize,
      mime: content.manifest?.mime ?? UNKNOWN_MIME,
      name: content.manifest?.name ?? content.root.toString(),
      read: (first, last, signal) => readPlaintext(plaintextOf(parts, job, content, unlocked), { first, last, signal }),
    },
    run: () =>
      fetchIntoStore(parts, job, content, {
        ...(purse === undefined ? {} : { payer: purse.payer }),
        ...limits,
        ...(torrent === undefined ? {} : { torrent }),
        streamsOnly: request.via === 'libp2p',
      }),
  }
}

/** What the user lets it cost. */
function limitsOf({ maxSpend, maxPrice }: DownloadRequest): { budget?: bigint; maxPrice?: bigint } {
  return {
    ...(maxSpend === undefined ? {} : { budget: BigInt(maxSpend) }),
    ...(maxPrice === undefined ? {} : { maxPrice: BigInt(maxPrice) }),
  }
}

/** Slices as they come into the store, each waited for in turn. */
function plaintextOf(
  { store }: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  unlocked: UnlockedContent | undefined,
) {
  const root = content.root.toString()
  return {
    content,
    ...unlocked,
    async slice(index: number, signal: AbortSignal): Promise<Uint8Array> {
      await job.until(() => hasBit(store.has(root) ?? NOTHING, index), signal)
      const bytes = await store.readSlice(root, index)
      if (bytes !== undefined) return bytes
      throw new SluiceError('SLICE_MISSING', `Slice ${index} was let go before it was read.`)
    },
  }
}

function walletOf({ wallet }: DownloadRequest): Address {
  if (wallet !== undefined) return wallet
  throw new SluiceError('BAD_INPUT', 'Sealed content needs a wallet that holds a key to it.', {
    hint: 'Set SLUICE_PRIVATE_KEY, or name the wallet in the request.',
  })
}
