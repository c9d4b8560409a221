import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkHelpers, viem } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const deployHarness = () => viem.deployContract('LibraryHarness')

describe('ChannelWord', () => {
  it('puts every field at its bits, the largest values included', async () => {
    const harness = await loadFixture(deployHarness)
    for (const channel of [
      { deposit: 2n ** 96n - 1n, claimed: 0n, closesAt: 0, challenge: 0 },
      { deposit: 0n, claimed: 2n ** 96n - 1n, closesAt: 0, challenge: 0 },
      { deposit: 0n, claimed: 0n, closesAt: 2 ** 40 - 1, challenge: 0 },
      { deposit: 0n, claimed: 0n, closesAt: 0, challenge: 2 ** 24 - 1 },
      { deposit: 5n, claimed: 3n, closesAt: 1_800_000_000, challenge: 3600 },
    ]) {
      const word =
        channel.deposit |
        (channel.claimed << 96n) |
        (BigInt(channel.closesAt) << 192n) |
        (BigInt(channel.challenge) << 232n)
      assert.equal(await harness.read.pack([channel]), word)
      assert.deepEqual(await harness.read.unpack([word]), channel)
    }
  })

  it('opens with nothing claimed and no close asked for', async () => {
    const harness = await loadFixture(deployHarness)
    const word = await harness.read.opened([7n, 3600])
    assert.deepEqual(await harness.read.unpack([word]), { deposit: 7n, claimed: 0n, closesAt: 0, challenge: 3600 })
  })
})
