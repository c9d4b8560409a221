import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import hre from 'hardhat'
import { createPublicClient, http } from 'viem'
import { startRpcServer } from '../lib/rpc-server.ts'
import SluiceModule from '../../ignition/modules/Sluice.ts'
import { contractsBy } from '../../sdk/src/chain/index.ts'
import type { SluiceContracts } from '../../sdk/src/chain/index.ts'

/** The chain of the dev network: Hardhat's simulated L1 in this process, open to everyone on loopback. */
export type DevChain = {
  readonly rpcUrl: string
  readonly chainId: number
  readonly contracts: SluiceContracts
  stop(): Promise<void>
}

/** Starts a fresh chain on `port` (0 for a free one) and deploys the contracts to it. */
export async function startChain(port = 0): Promise<DevChain> {
  // A fresh clone has no artifacts; where nothing changed this takes a second.
  await hre.tasks.getTask('build').run({ quiet: true, noTests: true })
  const server = await startRpcServer(port)
  const { rpcUrl } = server
  try {
    const contracts = await deploy(rpcUrl)
    const chainId = await createPublicClient({ transport: http(rpcUrl) }).getChainId()
    return { rpcUrl, chainId, contracts, stop: () => server.close() }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function deploy(rpcUrl: string): Promise<DevChain['contracts']> {
  // A journal of its own, and forgotten: the chain is new at every start, and several may run at once.
  const deploymentId = `dev-${new URL(rpcUrl).port}`
  const connection = await hre.network.create({ network: 'remote', override: { url: rpcUrl } })
  try {
    const deployed = await connection.ignition.deploy(SluiceModule, { deploymentId })
    return contractsBy((name) => deployed[name].address)
  } finally {
    await connection.close()
    await rm(join(hre.config.paths.ignition, 'deployments', deploymentId), { recursive: true, force: true })
  }
}
