import { fileURLToPath } from 'node:url'
import type { Abi, Address, Hex } from 'viem'
import type { Artifact } from './artifacts.ts'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
process.env['HARDHAT_DISABLE_TELEMETRY_PROMPT'] = 'true'
// Imported late: it looks for its configuration from where the process is.
const { artifacts, network } = await import('hardhat')

/** The chain of our own gas tests, with the same accounts. */
const { viem, networkHelpers } = await network.create()
export { networkHelpers }
export const client = await viem.getPublicClient()
const wallets = await viem.getWalletClients()
export type Wallet = (typeof wallets)[number]

export function wallet(index: number): Wallet {
  const found = wallets[index]
  if (found === undefined) throw new Error(`there is no account ${index}`)
  return found
}

export type Deployed = { readonly abi: Abi; readonly address: Address }

export async function deploy({ abi, bytecode }: Artifact, args: readonly unknown[] = []): Promise<Deployed> {
  const hash = await wallet(0).deployContract({ abi, bytecode, args: [...args] })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (contractAddress === null || contractAddress === undefined) throw new Error('nothing was deployed')
  return { abi, address: contractAddress }
}

/** One of the contracts that the tests use. */
export async function deployOurs(name: string, args: readonly unknown[] = []): Promise<Deployed> {
  const { abi, bytecode } = await artifacts.readArtifact(name)
  return deploy({ abi: abi as Abi, bytecode: bytecode as Hex }, args)
}

/** Sends a call and gives the gas of the whole transaction, base included. */
export async function send(
  from: Wallet,
  { abi, address }: Deployed,
  functionName: string,
  args: readonly unknown[],
  value = 0n,
): Promise<{ gas: number; hash: Hex }> {
  const hash = await from.writeContract({ abi, address, functionName, args: [...args], value })
  const { gasUsed, status } = await client.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`${functionName} reverted`)
  return { gas: Number(gasUsed), hash }
}
