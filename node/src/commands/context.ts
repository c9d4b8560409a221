import { zeroAddress } from 'viem'
import type { Address, Chain, PublicClient, Transport } from 'viem'
import { checkChain } from '@sluice/sdk/chain'
import type { SluiceContracts } from '@sluice/sdk/chain'
import { createHttpNetwork } from '@sluice/sdk/client'
import type { Network, Reader } from '@sluice/sdk/client'
import { createIndexReader } from '@sluice/sdk/graph'
import type { IndexReader } from '@sluice/sdk/graph'
import { SluiceError } from '@sluice/sdk'
import { createNodeClient } from '../api/client.ts'
import type { NodeClient, NodeStatus } from '../api/client.ts'
import { readCliEnvironment } from '../config/cli-environment.ts'
import type { Output } from './output.ts'
import { createClients, createWallet, readPrivateKey } from './wallet.ts'
import type { Wallet } from './wallet.ts'

/** Everything a command may reach: its node, the chain that the node follows, and the user's wallet. */
export type Context = {
  readonly output: Output
  readonly signal: AbortSignal
  readonly node: NodeClient
  /** Where the node's admin API is, and its token. */
  readonly admin: { readonly url: string; readonly token: string }
  readonly status: NodeStatus
  readonly chainId: number
  readonly contracts: SluiceContracts
  /** The coin that slices and, unless an edition says otherwise, keys are paid in. */
  readonly token: Address
  readonly network: Network
  /** For reading the chain; checked to be the one the node follows. */
  publicClient(): Promise<PublicClient<Transport, Chain>>
  /** The chain and the network, as the sdk's client reads them. */
  reader(): Promise<Reader>
  /** For lists and for nothing else; undefined where none is named. */
  findIndex(): IndexReader | undefined
  /** The same. Throws INDEX_UNAVAILABLE where none is named. */
  index(): IndexReader
  /** The user's wallet, if one is configured. */
  findWallet(): Promise<Wallet | undefined>
  /** The user's wallet. Throws BAD_INPUT when none is configured. */
  wallet(): Promise<Wallet>
}

/** What a command that pays, sells or signs may reach: no index, which may say anything. */
export type ChainContext = Omit<Context, 'index' | 'findIndex'>

/** Connects to the node that the environment names. Throws NODE_UNREACHABLE or UNAUTHORIZED with what to do. */
export async function createContext(output: Output, signal: AbortSignal): Promise<Context> {
  const environment = readCliEnvironment()
  const admin = { url: environment.apiUrl, token: environment.apiToken }
  const node = createNodeClient(admin)
  const status = await node.status({ signal })
  const rpcUrl = environment.rpcUrl ?? status.rpcUrl
  const { chainId, contracts } = status
  const checked = once(async () => {
    const publicClient = createClients(rpcUrl, chainId)
    await checkChain(publicClient, { chainId, contracts })
    return publicClient
  })
  const indexUrl = environment.indexUrl ?? status.indexUrl
  const findIndex = () => (indexUrl === undefined ? undefined : createIndexReader({ url: indexUrl }))
  const findWallet = once(async () => {
    const privateKey = await readPrivateKey(environment)
    if (privateKey === undefined) return undefined
    await checked()
    return createWallet(privateKey, rpcUrl, chainId)
  })
  const network = createHttpNetwork({ origin: status.publicUrl })
  return {
    output,
    signal,
    node,
    admin,
    status,
    chainId,
    contracts,
    token: zeroAddress,
    network,
    publicClient: checked,
    reader: async () => ({ network, chain: await checked(), chainId, contracts }),
    findIndex,
    index: () => findIndex() ?? refuseWithoutIndex(),
    findWallet,
    wallet: async () => (await findWallet()) ?? refuseWithoutWallet(),
  }
}

function refuseWithoutIndex(): never {
  throw new SluiceError('INDEX_UNAVAILABLE', 'Lists come from an index, and this node names none.', {
    hint: 'Set index_url in the node’s configuration, or SLUICE_INDEX_URL here, to the address of one. npm start runs one.',
  })
}

function refuseWithoutWallet(): never {
  throw new SluiceError('BAD_INPUT', 'This command needs a wallet.', {
    hint: 'Set SLUICE_PRIVATE_KEY, or SLUICE_KEYSTORE and SLUICE_PASSPHRASE.',
  })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
