import { bytesToHex, createPublicClient, createWalletClient, defineChain, http, isHex } from 'viem'
import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { SluiceError } from '@sluice/sdk'
import type { CliEnvironment } from '../config/cli-environment.ts'
import { openKeystore } from '../keystore/index.ts'

/** A wallet that can sign, on a chain that has been checked. */
export type Wallet = {
  readonly account: Account
  readonly publicClient: PublicClient<Transport, Chain>
  readonly walletClient: WalletClient<Transport, Chain, Account>
}

const RPC_TIMEOUT_MS = 10_000

/** Clients for reading and, with an account, writing; nothing is asked of the RPC yet. */
export function createClients(rpcUrl: string, chainId: number): PublicClient<Transport, Chain> {
  return createPublicClient<Transport, Chain>({
    chain: describeChain(rpcUrl, chainId),
    transport: http(rpcUrl, { timeout: RPC_TIMEOUT_MS }),
  })
}

/** A wallet from a raw private key; the key is never printed, not even in an error. */
export function createWallet(privateKey: string, rpcUrl: string, chainId: number): Wallet {
  const chain = describeChain(rpcUrl, chainId)
  const account = accountOf(privateKey)
  return {
    account,
    publicClient: createClients(rpcUrl, chainId),
    walletClient: createWalletClient<Transport, Chain, Account>({
      account,
      chain,
      transport: http(rpcUrl, { timeout: RPC_TIMEOUT_MS }),
    }),
  }
}

/** The wallet's key as the environment names it: raw, or as the operator's in a node's keystore. */
export async function readPrivateKey({ privateKey, keystore }: CliEnvironment): Promise<string | undefined> {
  if (privateKey !== undefined || keystore === undefined) return privateKey
  const operator = (await openKeystore(keystore.path, keystore.passphrase)).get('operator')
  if (operator !== undefined) return bytesToHex(operator)
  throw new SluiceError('BAD_INPUT', `The keystore ${keystore.path} holds no wallet.`)
}

function accountOf(privateKey: string): Account {
  if (!isHex(privateKey) || privateKey.length !== 66) {
    throw new SluiceError('BAD_INPUT', 'SLUICE_PRIVATE_KEY must be 32 bytes in hex, starting with 0x.')
  }
  return privateKeyToAccount(privateKey)
}

function describeChain(rpcUrl: string, id: number): Chain {
  return defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}
