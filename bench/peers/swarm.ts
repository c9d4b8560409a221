import { parseAbi, parseEventLogs } from 'viem'
import type { Abi, Address } from 'viem'
import { readArtifactFile } from './artifacts.ts'
import { client, deploy, deployOurs, send, wallet } from './chain.ts'
import type { Deployed } from './chain.ts'

const AMOUNT = 10n ** 18n
const CHEQUEBOOK: Abi = parseAbi([
  'function cashChequeBeneficiary(address recipient, uint256 cumulativePayout, bytes issuerSig)',
])
const CHEQUE = {
  Cheque: [
    { name: 'chequebook', type: 'address' },
    { name: 'beneficiary', type: 'address' },
    { name: 'cumulativePayout', type: 'uint256' },
  ],
} as const

/**
 * Swarm's chequebook, a clone made by its factory, pays ERC-20 for cumulative cheques of one issuer. Its bytecode is in no
 * package of npm: `factory` is `deployments/testnet/SimpleSwapFactory.json` of ethersphere/swap-swear-and-swindle.
 */
export async function measureSwarm(factory: string): Promise<Record<string, number>> {
  const [issuer, beneficiary] = [wallet(2), wallet(3)]
  const token = await deployOurs('TestToken')
  const { book, gas: deployment } = await createChequebook(factory, token.address, issuer.account.address)
  await send(issuer, token, 'mint', [issuer.account.address, AMOUNT])
  const deposit = await send(issuer, token, 'transfer', [book.address, AMOUNT])
  const cash = async (cumulativePayout: bigint) => {
    const message = { chequebook: book.address, beneficiary: beneficiary.account.address, cumulativePayout }
    const domain = { name: 'Chequebook', version: '1.0', chainId: await client.getChainId() }
    const signature = await issuer.signTypedData({ domain, types: CHEQUE, primaryType: 'Cheque', message })
    const args = [beneficiary.account.address, cumulativePayout, signature]
    return (await send(beneficiary, book, 'cashChequeBeneficiary', args)).gas
  }
  return {
    'swarm.deployChequebook': deployment,
    'swarm.deposit': deposit.gas,
    'swarm.cashCheque.first': await cash(1000n),
    'swarm.cashCheque.next': await cash(2000n),
  }
}

async function createChequebook(
  path: string,
  token: Address,
  issuer: Address,
): Promise<{ book: Deployed; gas: number }> {
  const factory = await deploy(readArtifactFile(path), [token])
  const salt = `0x${'5a'.repeat(32)}`
  const { gas, hash } = await send(wallet(2), factory, 'deploySimpleSwap', [issuer, 86_400n, salt])
  const { logs } = await client.getTransactionReceipt({ hash })
  const [made] = parseEventLogs({ abi: factory.abi, eventName: 'SimpleSwapDeployed', logs })
  if (made === undefined) throw new Error('no chequebook was made')
  const { contractAddress } = made.args as unknown as { contractAddress: Address }
  return { book: { abi: CHEQUEBOOK, address: contractAddress }, gas }
}
