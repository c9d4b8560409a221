import { parseSignature } from 'viem'
import type { Address } from 'viem'
import { now } from './fixture.ts'
import type { Sluice } from './fixture.ts'

/** The payer's ERC-2612 permit of the test token. */
export async function signPermit({ token, payer, domain }: Sluice, spender: Address, value: bigint) {
  const owner = payer.account.address
  const deadline = (await now()) + 3600n
  const signature = await payer.signTypedData({
    domain: { name: 'Test', version: '1', chainId: domain.chainId, verifyingContract: token.address },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender, value, nonce: await token.read.nonces([owner]), deadline },
  })
  const { r, s, yParity } = parseSignature(signature)
  return { deadline, v: 27 + yParity, r, s }
}
