import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import { luckOf, measureGas } from './support/gas/index.ts'
import { compareGas, readSnapshot, writeSnapshot } from './support/gas/snapshot.ts'

/** What the economics of a session are computed with: native coin, warm accounts. */
const LIMITS = {
  publish: 130_000,
  createEdition: 230_000,
  'buy.native.first': 95_000,
  'buy.native.next': 78_000,
  transferKey: 55_000,
  'market.list': 90_000,
  'market.buy.native.first': 140_000,
  'market.buy.native.next': 105_000,
  'depositAndAuthorize.native': 75_000,
  open: 75_000,
  'claim.single': 55_000,
  'claim.ticks256': 85_000,
  'claimBatch10.perChannel': 20_000,
  'claimBatch10.chain.perChannel': 20_500,
  close: 50_000,
  'node.register': 235_000,
  'node.update': 55_000,
  'node.setKeeperKey': 145_000,
  'node.setKeeperKey.next': 130_000,
  'node.addStake': 50_000,
  'node.requestUnstake': 31_000,
  'node.unstake': 38_000,
  'node.deregister': 30_000,
  setHandle: 77_000,
  follow: 49_000,
  react: 50_000,
  comment: 27_000,
  view: 68_000,
  'view.next': 50_000,
  // Of these, 22,100 are the slot of a state that is new; 6,900 verify the signature, about 4,500 are calldata.
  'socialBatch20.follow': 46_000,
  'socialBatch20.react': 46_000,
  'socialBatch20.comment': 22_000,
  'socialBatch20.view': 58_000,
}

const update = process.env['UPDATE_GAS'] === '1'

// What counts statements costs gas itself.
describe('gas', { skip: hre.globalOptions.coverage }, async () => {
  const table = await measureGas()
  if (update) writeSnapshot(table)

  for (const [name, limit] of Object.entries(LIMITS)) {
    it(`keeps ${name} within ${limit}`, () => {
      const gas = table[name]
      assert.ok(gas !== undefined && gas <= limit, `${name} costs ${gas}, more than ${limit}`)
    })
  }

  it('is what the snapshot says, to the unit', () => {
    assert.deepEqual(
      compareGas(readSnapshot(), table),
      [],
      'If this is meant: npm run generate -- --gas, and commit the snapshot.',
    )
  })

  it('does not depend on zero bytes in hashes and addresses', () => {
    const selector = '0x01020304'
    const [hash, shorter] = ['ab'.repeat(32), `${'ab'.repeat(30)}0000`]
    const [address, other] = [`${'00'.repeat(12)}${'cd'.repeat(20)}`, `${'00'.repeat(12)}00${'cd'.repeat(19)}`]
    const number = `${'00'.repeat(24)}${'ef'.repeat(8)}`
    assert.equal(luckOf(`${selector}${hash}${address}${number}`), 0)
    assert.equal(luckOf(`${selector}${shorter}${other}${number}`), 3 * 12)
  })
})
