import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import hre from 'hardhat'
import { createPublicClient, getAddress, http } from 'viem'
import SluiceModule from '../../ignition/modules/Sluice.ts'
import { CONTRACT_NAMES } from '../../sdk/src/chain/index.ts'
import { readDeployment } from './ignition-deployment.ts'
import { startRpcServer } from './rpc-server.ts'
import type { RpcServer } from './rpc-server.ts'

const DEPLOYMENTS = join(hre.config.paths.ignition, 'deployments')
const ID = `dev-${randomUUID()}`

let server: RpcServer

before(async () => {
  server = await startRpcServer()
  const connection = await hre.network.create({ network: 'remote', override: { url: server.rpcUrl } })
  await connection.ignition.deploy(SluiceModule, { deploymentId: ID })
  await connection.close()
})

after(async () => {
  await server.close()
  await rm(join(DEPLOYMENTS, ID), { recursive: true, force: true })
})

describe('reading a deployment', () => {
  it('gives every contract where it is, from the block in which its code appeared', async () => {
    const client = createPublicClient({ transport: http(server.rpcUrl) })
    const sources = await readDeployment(DEPLOYMENTS, ID)
    assert.deepEqual(Object.keys(sources).sort(), Object.values(CONTRACT_NAMES).sort())
    for (const { address, startBlock } of Object.values(sources)) {
      assert.equal(address, getAddress(address))
      assert.equal(await client.getCode({ address, blockNumber: BigInt(startBlock - 1) }), undefined)
      assert.notEqual(await client.getCode({ address, blockNumber: BigInt(startBlock) }), undefined)
    }
  })

  it('names the deployments that there are, where the one asked for is not', async () => {
    await assert.rejects(readDeployment(DEPLOYMENTS, 'chain-1'), new RegExp(`chain-1 is no deployment.*${ID}`))
  })

  it('says which contract is missing in an unfinished one', async () => {
    await writeFile(join(DEPLOYMENTS, ID, 'deployed_addresses.json'), '{}')
    await assert.rejects(readDeployment(DEPLOYMENTS, ID), /has no \w+: deploy again/)
  })
})
