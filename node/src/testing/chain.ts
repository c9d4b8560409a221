import type { SluiceContracts } from '@sluice/sdk/chain'
import hre from 'hardhat'
import { createPublicClient, createWalletClient, http, isHex } from 'viem'
import type { Abi, Address } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import type { HDAccount } from 'viem/accounts'
import type { Cleanup } from './peers.ts'
import { startRpcServer } from '../../../scripts/lib/rpc-server.ts'

/** Hardhat's well-known development accounts: funded on its chains and worthless everywhere else. */
const MNEMONIC = 'test test test test test test test test test test test junk'

export type TestChain = {
  readonly rpcUrl: string
  readonly chainId: number
  readonly contracts: SluiceContracts
  stop(): Promise<void>
}

/** A real chain of its own on a free port, with the contracts deployed. */
export async function startTestChain(cleanup: Cleanup): Promise<TestChain> {
  const server = await startRpcServer()
  const { rpcUrl } = server
  let running: Promise<void> | undefined
  const stop = (): Promise<void> => (running ??= server.close())
  cleanup.add(stop)
  const deploy = await createDeployer(rpcUrl)
  const registry = await deploy('MetaHashRegistry')
  const keys = await deploy('ContentKeys', [registry])
  const market = await deploy('KeyMarket', [keys])
  const channels = await deploy('SliceChannels')
  const nodes = await deploy('NodeRegistry')
  const social = await deploy('SocialGraph', [channels, keys, registry])
  const contracts = { registry, keys, market, channels, nodes, social }
  return { rpcUrl, chainId: 31337, contracts, stop }
}

async function createDeployer(rpcUrl: string) {
  const wallet = createWalletClient({ account: testAccount(0), transport: http(rpcUrl) })
  const chain = createPublicClient({ transport: http(rpcUrl), pollingInterval: 50 })
  return async (name: string, args: readonly unknown[] = []): Promise<Address> => {
    const { abi, bytecode } = await hre.artifacts.readArtifact(name)
    if (!isHex(bytecode)) throw new TypeError(`${name} is not compiled`)
    const hash = await wallet.deployContract({ abi: abi as Abi, bytecode, args, chain: null })
    const { contractAddress } = await chain.waitForTransactionReceipt({ hash })
    if (contractAddress === null || contractAddress === undefined) throw new TypeError(`${name} was not deployed`)
    return contractAddress
  }
}

/** The accounts that were asked for: deriving one takes some 17 ms, and tests ask for the same few over and over. */
const derived = new Map<number, HDAccount>()

export function testAccount(index: number): HDAccount {
  const account = derived.get(index) ?? mnemonicToAccount(MNEMONIC, { addressIndex: index })
  derived.set(index, account)
  return account
}

/** Clients of a test chain that speak for one of its accounts. */
export function testClients({ rpcUrl }: TestChain, index: number) {
  const transport = http(rpcUrl)
  return {
    publicClient: createPublicClient({ transport, pollingInterval: 50 }),
    walletClient: createWalletClient({ account: testAccount(index), transport, pollingInterval: 50 }),
  }
}
