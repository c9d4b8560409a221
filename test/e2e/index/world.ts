import { createPublicClient, createTestClient, createWalletClient, http } from 'viem'
import type { Address, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { devAccount } from '../../../scripts/dev-network/accounts.ts'
import type { Role } from '../../../scripts/dev-network/accounts.ts'
import { startChain } from '../../../scripts/dev-network/chain.ts'
import type { WriteClient } from '../../../sdk/src/chain/index.ts'
import type { OpenIntent, Session } from '../../../sdk/src/session/index.ts'
import { generateSession } from '../../../sdk/src/session/index.ts'

const POLL_MS = 10

/** Who acts; the first two publish, the last two serve. */
export const ROLES = ['creator', 'consumer', 'consumer-2', 'seeder-1', 'seeder-2'] as const satisfies readonly Role[]

export type Wallet = {
  readonly role: Role
  readonly client: WriteClient
  readonly address: Address
  readonly session: Session
}

/** What the story has made so far, to be picked from and to be compared. */
export type Traces = {
  readonly contents: { contentId: Hex; creator: Wallet; versions: number }[]
  readonly editions: { editionId: bigint; contentId: Hex; creator: Wallet; price: bigint; epoch: number }[]
  readonly channels: { channelId: Hex; intent: OpenIntent; payer: Wallet; payee: Wallet; promised: bigint }[]
}

/** A fresh chain with the contracts where a fresh chain always has them, wallets, and a session for each of them. */
export async function startWorld() {
  const chain = await startChain()
  const transport = http(chain.rpcUrl)
  const wallets = await Promise.all(
    ROLES.map(async (role): Promise<Wallet> => {
      const account = privateKeyToAccount(devAccount(role).privateKey)
      const client = createWalletClient({ account, chain: hardhat, transport, pollingInterval: POLL_MS })
      return { role, client, address: account.address, session: await generateSession() }
    }),
  )
  const traces: Traces = { contents: [], editions: [], channels: [] }
  return {
    ...chain,
    traces,
    wallets,
    publicClient: createPublicClient({ chain: hardhat, transport, pollingInterval: POLL_MS }),
    testClient: createTestClient({ chain: hardhat, mode: 'hardhat', transport }),
    domain: { chainId: chain.chainId, channels: chain.contracts.channels },
    wallet(role: Role): Wallet {
      const found = wallets.find((wallet) => wallet.role === role)
      if (found === undefined) throw new Error(`nobody here is ${role}`)
      return found
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** The chain's time, in unix seconds. */
export async function now({ publicClient }: World): Promise<bigint> {
  return (await publicClient.getBlock()).timestamp
}

/** Lets time pass, and a block be made at its end. */
export async function pass({ testClient }: World, seconds: number): Promise<void> {
  await testClient.increaseTime({ seconds })
  await testClient.mine({ blocks: 1 })
}
