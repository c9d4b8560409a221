import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job } from '@sluice/node/api/client'
import { isSluiceError } from '@sluice/sdk'
import { depositAndAuthorize, NATIVE_TOKEN } from '@sluice/sdk/chain'
import { createWalletClient, http } from 'viem'
import type { Address, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { devAccount } from '../../scripts/dev-network/accounts.ts'
import type { Harness } from './harness.ts'
import { inSeconds } from './visitor.ts'

const STRIDE = 262_144

/** A download from its request to its end, or to the end of the node that it ran in. */
export type Download = {
  /** What was seen of it: nothing where the node ended before it answered. */
  first?: Job
  last?: Job
  /** Settles when so many slices of the content are here; or never will be. */
  reached(slices: number): Promise<void>
  /** Settles when no more will be seen of it; never rejects for a node that is gone. */
  readonly ended: Promise<void>
}

/** Lets the consumer's node spend so much for the consumer's wallet, whose address this returns. */
export async function authorizeConsumer(harness: Harness, amount: bigint): Promise<Address> {
  const account = privateKeyToAccount(devAccount('consumer').privateKey)
  const { rpcUrl, contracts } = harness.network.chain
  const client = createWalletClient({ account, chain: hardhat, transport: http(rpcUrl) })
  const { session } = await harness.api('consumer').status()
  const terms = { contracts, token: NATIVE_TOKEN, session, limit: amount, expiry: inSeconds(24 * 3600) }
  await depositAndAuthorize(client, { ...terms, amount })
  return account.address
}

/** Asks the consumer's node for a content and follows what becomes of it. */
export function followDownload(harness: Harness, request: { content: Hex; wallet: Address }): Download {
  const api = harness.api('consumer')
  const waiting: { readonly slices: number; readonly resolve: () => void }[] = []
  const seen: Pick<Download, 'first' | 'last'> = {}
  const follow = async (): Promise<void> => {
    const { jobId } = await api.startDownload(request)
    for await (const job of api.jobEvents(jobId)) {
      seen.first ??= job
      seen.last = job
      for (const { slices, resolve } of waiting) if (job.done >= slices) resolve()
    }
  }
  const ended = follow().catch((error: unknown) => {
    if (!isSluiceError(error, 'NODE_UNREACHABLE')) throw error
  })
  // Whoever waits sees it; it may fail while somebody else is being killed.
  const over = ended.catch(() => undefined)
  const reached = (slices: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push({ slices, resolve })
    return Promise.race([promise, over])
  }
  return Object.assign(seen, { reached, ended })
}

/** Slices of one content that are the same in two nodes' files. Both must be at rest, or the second one whole. */
export async function countEqualSlices(
  harness: Harness,
  { root, slices }: { root: string; slices: number },
  [name, whole]: readonly ['consumer', 'seeder-1'],
): Promise<number> {
  const path = (node: 'consumer' | 'seeder-1'): string =>
    join(harness.network.node(node).node.dataDir, 'contents', `${root}.slices`)
  const [file, reference] = [await open(path(name)).catch(() => undefined), await open(path(whole))]
  try {
    if (file === undefined) return 0
    let equal = 0
    const [bytes, expected] = [Buffer.alloc(STRIDE), Buffer.alloc(STRIDE)]
    for (let index = 0; index < slices; index += 1) {
      const { bytesRead: length } = await reference.read(expected, 0, STRIDE, index * STRIDE)
      const { bytesRead } = await file.read(bytes, 0, STRIDE, index * STRIDE)
      if (bytesRead >= length && bytes.subarray(0, length).equals(expected.subarray(0, length))) equal += 1
    }
    return equal
  } finally {
    await file?.close()
    await reference.close()
  }
}
