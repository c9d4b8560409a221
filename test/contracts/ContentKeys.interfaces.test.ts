import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toFunctionSelector, toHex } from 'viem'
import { deploySluice, networkHelpers } from './support/fixture.ts'

const { loadFixture } = networkHelpers

/** Interface ids as their standards state them, and the functions of which they are the exclusive or (ERC-165). */
const INTERFACES = {
  'ERC-165': ['0x01ffc9a7', ['supportsInterface(bytes4)']],
  'ERC-1155': [
    '0xd9b67a26',
    [
      'safeTransferFrom(address,address,uint256,uint256,bytes)',
      'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)',
      'balanceOf(address,uint256)',
      'balanceOfBatch(address[],uint256[])',
      'setApprovalForAll(address,bool)',
      'isApprovedForAll(address,address)',
    ],
  ],
  'ERC-1155 metadata': ['0x0e89341c', ['uri(uint256)']],
  'ERC-2981': ['0x2a55205a', ['royaltyInfo(uint256,uint256)']],
} as const

describe('ContentKeys: interfaces', () => {
  for (const [name, [id, signatures]] of Object.entries(INTERFACES)) {
    it(`has every function of ${name}, and says so under its id`, async () => {
      const { keys } = await loadFixture(deploySluice)
      const selectors = signatures.map((signature) => toFunctionSelector(signature))
      const xor = selectors.reduce((sum, selector) => sum ^ Number(selector), 0) >>> 0
      assert.equal(toHex(xor, { size: 4 }), id)
      const own = new Set(keys.abi.filter((item) => item.type === 'function').map((item) => toFunctionSelector(item)))
      assert.deepEqual(
        selectors.filter((selector) => !own.has(selector)),
        [],
      )
      assert.equal(await keys.read.supportsInterface([id]), true)
    })
  }

  it('denies the id that ERC-165 reserves, and what it does not do', async () => {
    const { keys } = await loadFixture(deploySluice)
    const [erc721, erc20] = ['0x80ac58cd', '0x36372b07'] as const
    for (const id of ['0xffffffff', '0x00000000', erc721, erc20] as const) {
      assert.equal(await keys.read.supportsInterface([id]), false)
    }
  })

  it('points to no metadata: what a key opens is the registry’s word', async () => {
    const { keys } = await loadFixture(deploySluice)
    assert.equal(await keys.read.uri([1n]), '')
  })
})
