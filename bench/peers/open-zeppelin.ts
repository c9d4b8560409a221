import { compile } from './artifacts.ts'
import { deploy, send, wallet } from './chain.ts'

/** The least that a key can cost as ERC-1155: minted to a new holder, and given by its only holder to another. */
export async function measureOpenZeppelin(): Promise<Record<string, number>> {
  const token = await deploy(compile('Bare1155'))
  const [holder, other] = [wallet(2), wallet(4)]
  const id = BigInt(`0x${'5a'.repeat(32)}`)
  const mint = await send(holder, token, 'mint', [holder.account.address, id])
  const give = [holder.account.address, other.account.address, id, 1n, '0x']
  const transfer = await send(holder, token, 'safeTransferFrom', give)
  return { 'openzeppelin.mint': mint.gas, 'openzeppelin.transfer': transfer.gas }
}
