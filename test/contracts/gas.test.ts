import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Hex } from 'viem'
import { deploySluice, NATIVE, networkHelpers } from './support/fixture.ts'
import type { Sluice } from './support/fixture.ts'
import { fund, makeClaim, makeIntent, openChannel, signIntent } from './support/channels.ts'
import { createEdition, publish } from './support/keys.ts'

const { loadFixture } = networkHelpers

async function gasOf({ client }: Sluice, hash: Hex | Promise<Hex>): Promise<number> {
  const { gasUsed } = await client.getTransactionReceipt({ hash: await hash })
  return Number(gasUsed)
}

function assertAtMost(name: string, gas: number, limit: number): void {
  if (process.env['GAS_REPORT']) console.log(`${name}: ${gas} of ${limit}`)
  assert.ok(gas <= limit, `${name} costs ${gas} gas, more than ${limit}`)
}

/** Native coin, warm accounts. The limits are what the economics of a session are computed with. */
describe('gas', () => {
  it('keeps publishing and editions within their limits', async () => {
    const sluice = await loadFixture(deploySluice)
    const { contentId, hash } = await publish(sluice)
    assertAtMost('publish', await gasOf(sluice, hash), 130_000)
    const edition = await createEdition(sluice, contentId)
    assertAtMost('createEdition', await gasOf(sluice, edition.hash), 230_000)
  })

  it('keeps a purchase and a transfer within their limits', async () => {
    const sluice = await loadFixture(deploySluice)
    const { keys, payer, other, stranger } = sluice
    const { contentId } = await publish(sluice)
    const { editionId, terms } = await createEdition(sluice, contentId)

    const buy = (buyer: typeof payer) =>
      keys.write.buy([editionId, 1n, buyer.account.address, NATIVE, terms.price], {
        account: buyer.account,
        value: terms.price,
      })
    assertAtMost('buy first', await gasOf(sluice, buy(payer)), 95_000)
    assertAtMost('buy next', await gasOf(sluice, buy(other)), 78_000)
    const transfer = keys.write.safeTransferFrom(
      [payer.account.address, stranger.account.address, editionId, 1n, '0x'],
      { account: payer.account },
    )
    assertAtMost('transferKey', await gasOf(sluice, transfer), 56_000)
  })

  it('keeps a channel within its limits', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payee } = sluice
    assertAtMost('depositAndAuthorize', await gasOf(sluice, fund(sluice)), 75_000)

    const channel = await openChannel(sluice)
    assertAtMost('open', await gasOf(sluice, channel.hash), 75_000)

    const account = payee.account
    const claim = channels.write.claim([await makeClaim(sluice, channel)], { account })
    assertAtMost('claim', await gasOf(sluice, claim), 55_000)
    const ticked = await makeClaim(sluice, channel, { cumulative: 2000n, ticks: 256 })
    assertAtMost('claim of 256 ticks', await gasOf(sluice, channels.write.claim([ticked], { account })), 85_000)
    const close = channels.write.closeNow([channel.descriptor], { account })
    assertAtMost('close', await gasOf(sluice, close), 50_000)
  })

  it('keeps a batch of ten claims within its limit', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payee } = sluice
    await fund(sluice)
    const claims = []
    for (let i = 0; i < 10; i++) {
      const intent = await makeIntent(sluice, { amount: 10_000n })
      await channels.write.open([intent, await signIntent(sluice, intent)])
      const channelId = await channels.read.channelIdOf([intent])
      claims.push(await makeClaim(sluice, { channelId, descriptor: intent }))
    }
    const batch = channels.write.claimBatch([claims], { account: payee.account })
    // Of these, 21,000 are the protocol's own: calldata, one slot, one event and the secp256r1 precompile.
    assertAtMost('claimBatch, per channel', (await gasOf(sluice, batch)) / 10, 29_000)
  })
})
