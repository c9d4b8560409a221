import { encodeFunctionData } from 'viem'
import type { Abi, Address, Hex } from 'viem'
import { farAhead } from './channels.ts'
import { deploySluice, viem } from './fixture.ts'
import type { Sluice } from './fixture.ts'

/** What the payer is given of every odd token. */
export const HOLDINGS = 10_000n

const TOKENS = ['FeeToken', 'SilentToken', 'FalseToken', 'BlockingToken', 'RebasingToken', 'HookedToken'] as const

/** The contracts with tokens and a wallet that misbehave; the payer holds the tokens and approved both contracts. */
export async function deployHostile() {
  const sluice = await deploySluice()
  const { channels, keys, payer } = sluice
  const [fee, silent, lying, blocking, rebasing, hooked] = await Promise.all([
    viem.deployContract(TOKENS[0]),
    viem.deployContract(TOKENS[1]),
    viem.deployContract(TOKENS[2]),
    viem.deployContract(TOKENS[3]),
    viem.deployContract(TOKENS[4]),
    viem.deployContract(TOKENS[5]),
  ])
  const account = payer.account
  for (const { address } of [fee, silent, lying, blocking, rebasing, hooked]) {
    const token = await viem.getContractAt('TestToken', address)
    await token.write.mint([account.address, HOLDINGS])
    for (const spender of [channels.address, keys.address]) await token.write.approve([spender, HOLDINGS], { account })
  }
  const wallet = await viem.deployContract('HookedWallet')
  return { ...sluice, fee, silent, lying, blocking, rebasing, hooked, wallet }
}

/** Escrow in one of the odd tokens, and a session that may draw all of it. */
export async function fundIn({ channels, payer, session }: Sluice, token: Address, amount: bigint): Promise<void> {
  const args = [token, amount, session.publicKey, amount, await farAhead()] as const
  await channels.write.depositAndAuthorize(args, { account: payer.account })
}

type Hook = { write: { arm: (args: [Address, Hex]) => Promise<unknown> } }

/** Prepares the call that a hook makes when its turn comes. */
export async function arm(
  hook: Hook,
  { address, abi }: { address: Address; abi: Abi },
  functionName: string,
  args: readonly unknown[],
): Promise<void> {
  await hook.write.arm([address, encodeFunctionData({ abi, functionName, args })])
}
