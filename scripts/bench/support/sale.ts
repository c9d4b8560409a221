import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { createUploadSink } from '@sluice/node/api/upload-sink'
import type { NodeClient } from '@sluice/node/api/client'
import { buyKey, depositAndAuthorize, NATIVE_TOKEN, TO_THE_END } from '@sluice/sdk/chain'
import type { EditionTerms, WriteClient } from '@sluice/sdk/chain'
import { announcePublication, createHttpNetwork, preparePublication } from '@sluice/sdk/client'
import type { KeeperInfo, PreparedPublication } from '@sluice/sdk/client'
import type { SessionPublicKey } from '@sluice/sdk/session'
import { devAccount } from '../../dev-network/accounts.ts'
import type { DevChain } from '../../dev-network/chain.ts'
import type { Role } from '../../dev-network/accounts.ts'
import { source } from './sealed-content.ts'

/** What a process needs to reach a node of the dev network and its chain. */
export type Place = {
  readonly chain: Pick<DevChain, 'rpcUrl' | 'chainId' | 'contracts'>
  /** Of the node's public listener. */
  readonly publicUrl: string
}

const THRESHOLD = 2
const DAY_SECONDS = 86_400n
export const SALE_TERMS: EditionTerms = {
  price: 1000n,
  token: NATIVE_TOKEN,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: TO_THE_END,
  laterVersions: false,
  duration: 0,
  royaltyBps: 0,
  referralBps: 0,
  transferable: true,
  payouts: [],
}

export function walletOf(role: Role, { rpcUrl, chainId }: Place['chain']) {
  const account = privateKeyToAccount(devAccount(role).privateKey)
  const transport = http(rpcUrl)
  return createWalletClient({ account, chain: { ...hardhat, id: chainId }, transport, pollingInterval: 100 })
}

export function findKeepers({ publicUrl }: Place, signal: AbortSignal): Promise<KeeperInfo[]> {
  return createHttpNetwork({ origin: publicUrl }).findKeepers({ signal })
}

/** Seals, uploads, deals and announces a content of `bytes` bytes with one edition, as the creator's page does. */
export async function publishSale(
  node: NodeClient,
  place: Place,
  { bytes, keepers }: { bytes: number; keepers: readonly KeeperInfo[] },
): Promise<PreparedPublication> {
  const { chainId, contracts } = place.chain
  const wallet = walletOf('creator', place.chain)
  const signal = new AbortController().signal
  const prepared = await preparePublication({
    source: source(bytes),
    byteSize: bytes,
    attributes: {
      title: 'Bench',
      description: '',
      kind: 'file',
      mime: 'application/octet-stream',
      name: 'bench.bin',
      createdAt: Math.floor(Date.now() / 1000),
    },
    creator: wallet.account.address,
    chainId,
    contracts,
    editions: [SALE_TERMS],
    keepers,
    threshold: THRESHOLD,
    sink: createUploadSink(node),
    signal,
  })
  await announcePublication(wallet, prepared, { contracts, signal })
  await node.registerContent(prepared.root, { contentId: prepared.contentId, version: 1 }, { signal })
  return prepared
}

/** Buys the content's key, and lets a session spend up to one coin for the wallet. */
export async function buyAndFund(
  wallet: WriteClient,
  { chain: { contracts } }: Place,
  { editions: [edition] }: PreparedPublication,
  session: SessionPublicKey,
): Promise<void> {
  if (edition === undefined) throw new Error('nothing is for sale')
  await buyKey(wallet, { contracts, editionId: edition.editionId, maxPrice: SALE_TERMS.price, epoch: 1 })
  const amount = 10n ** 18n
  const expiry = BigInt(Math.floor(Date.now() / 1000)) + DAY_SECONDS
  await depositAndAuthorize(wallet, { contracts, token: NATIVE_TOKEN, amount, session, limit: amount, expiry })
}
