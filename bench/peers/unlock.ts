import { encodeFunctionData, parseEther, parseEventLogs, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { compile, readInstalled } from './artifacts.ts'
import { client, deploy, send, wallet } from './chain.ts'
import type { Deployed } from './chain.ts'

const ABIS = '@unlock-protocol/contracts/dist/abis'
const PRICE = parseEther('0.01')

/** Unlock's newest lock of the package, behind the proxy that Unlock makes for it, sells keys for the native coin. */
export async function measureUnlock(): Promise<Record<string, number>> {
  const lock = await createLock()
  const buy = async (index: number) => {
    const buyer = wallet(index)
    const order = {
      value: PRICE,
      recipient: buyer.account.address,
      referrer: zeroAddress,
      protocolReferrer: zeroAddress,
      keyManager: zeroAddress,
      data: '0x',
      additionalPeriods: 0n,
    }
    return (await send(buyer, lock, 'purchase', [[order]], PRICE)).gas
  }
  const [first, next] = [await buy(2), await buy(5)]
  const [from, to] = [wallet(2), wallet(4).account.address]
  const give = await send(from, lock, 'transferFrom', [from.account.address, to, 1n])
  return { 'unlock.purchase.first': first, 'unlock.purchase.next': next, 'unlock.transfer': give.gas }
}

async function deployUnlock(): Promise<Deployed> {
  const artifact = readInstalled(`${ABIS}/Unlock/UnlockV14.json`)
  const { abi, address } = await deploy(artifact)
  const data = encodeFunctionData({ abi, functionName: 'initialize', args: [wallet(0).account.address] })
  const proxy = await deploy(compile('UnlockProxy'), [address, data])
  return { abi, address: proxy.address }
}

async function createLock(): Promise<Deployed> {
  const owner = wallet(0)
  const { abi, bytecode } = readInstalled(`${ABIS}/PublicLock/PublicLockV15.json`)
  const template = await deploy({ abi, bytecode })
  const unlock = await deployUnlock()
  await send(owner, unlock, 'configUnlock', [zeroAddress, zeroAddress, 0n, 'KEY', '', 31337n])
  const version = (await client.readContract({ ...template, functionName: 'publicLockVersion' })) as number
  await send(owner, unlock, 'addLockTemplate', [template.address, version])
  await send(owner, unlock, 'setLockTemplate', [template.address])
  const terms = [owner.account.address, 30n * 86_400n, zeroAddress, PRICE, 2n ** 256n - 1n, 'Lock']
  const data = encodeFunctionData({ abi, functionName: 'initialize', args: terms })
  const { hash } = await send(owner, unlock, 'createUpgradeableLockAtVersion', [data, version])
  const { logs } = await client.getTransactionReceipt({ hash })
  const [created] = parseEventLogs({ abi: unlock.abi, eventName: 'NewLock', logs })
  if (created === undefined) throw new Error('no lock was created')
  const { newLockAddress } = created.args as unknown as { newLockAddress: Address }
  return { abi, address: newLockAddress }
}
