import { network } from 'hardhat'
import type { Address } from 'viem'
import SluiceModule from '../../../ignition/modules/Sluice.ts'
import { generateSession } from '../../../sdk/src/session/index.ts'

export const NATIVE: Address = '0x0000000000000000000000000000000000000000'

/** One simulated chain per test file, in the file's own process. */
export const { viem, networkHelpers, ignition, ...connection } = await network.create()

type Connection = Awaited<ReturnType<typeof network.create>>

/** Deploys the contracts as a release does, with a token and a session to use them with. Pass it to `loadFixture`. */
export function deploySluice() {
  return deploySluiceOn({ viem, ignition })
}

/** {@link deploySluice} on another chain than the file's own. */
export async function deploySluiceOn({ viem, ignition }: Pick<Connection, 'viem' | 'ignition'>) {
  const { registry, keys, market, channels, nodes, social } = await ignition.deploy(SluiceModule)
  const token = await viem.deployContract('TestToken')
  const [deployer, creator, payer, payee, stranger, other] = await viem.getWalletClients()
  if (!deployer || !creator || !payer || !payee || !stranger || !other) throw new Error('six accounts are needed')

  const client = await viem.getPublicClient()
  const chainId = await client.getChainId()
  const domain = { chainId, channels: channels.address }
  const session = await generateSession()

  return {
    registry,
    keys,
    market,
    channels,
    nodes,
    social,
    token,
    client,
    domain,
    session,
    deployer,
    creator,
    payer,
    payee,
    stranger,
    other,
  }
}

export type Sluice = Awaited<ReturnType<typeof deploySluice>>

/** The simulated chain's time, in unix seconds. */
export async function now(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest())
}
