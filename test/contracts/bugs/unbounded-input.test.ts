import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { concat, encodeFunctionData, numberToHex, pad, size, sliceHex } from 'viem'
import type { Hex } from 'viem'
import { balancesChange, refuses, refusesWith } from '../support/assertions.ts'
import { fund, makeClaim, makeIntent, openChannel, packClaim, randomHex, signIntent } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers
const WORD = 32

async function funded() {
  const sluice = await deploySluice()
  await fund(sluice)
  return { ...sluice, channel: await openChannel(sluice, { amount: 1000n }) }
}

async function batchData(sluice: Sluice, cumulative: bigint, channel: Parameters<typeof makeClaim>[1]) {
  const claim = packClaim(await makeClaim(sluice, channel, { cumulative }))
  const args = [sluice.payee.account.address, NATIVE, [claim]] as const
  return encodeFunctionData({ abi: sluice.channels.abi, functionName: 'claimBatch', args })
}

/** The call's data with its n-th word after the selector replaced. */
function withWord(data: Hex, index: number, value: bigint): Hex {
  const at = 4 + WORD * index
  const rest = at + WORD < size(data) ? sliceHex(data, at + WORD) : '0x'
  return concat([sliceHex(data, 0, at), numberToHex(value, { size: WORD }), rest])
}

describe('bug class: unbounded signatures', () => {
  it('have no room for a tail: what follows the arguments changes nothing', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, stranger, payee } = sluice
    const send = (data: Hex) => stranger.sendTransaction({ to: channels.address, data })
    const garbage = concat(Array.from({ length: 64 }, () => randomHex()))
    const intent = await makeIntent(sluice, { amount: 7n })
    const args = [intent, await signIntent(sluice, intent)] as const
    const open = encodeFunctionData({ abi: channels.abi, functionName: 'open', args })
    await send(concat([open, garbage]))
    const channelId = await channels.read.channelIdOf([intent])
    assert.equal((await channels.read.channelOf([channelId])).deposit, 7n)
    await refuses(channels.write.open(args), channels, 'SliceChannels_ChannelExists', [channelId])
    const batch = send(concat([await batchData(sluice, 300n, channel), garbage]))
    await balancesChange(batch, [{ address: payee.account.address, amount: 300n }])
  })

  it('cannot be cut short', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, stranger } = sluice
    const claim = await makeClaim(sluice, channel)
    const single = encodeFunctionData({ abi: channels.abi, functionName: 'claim', args: [claim] })
    for (const data of [single, await batchData(sluice, 300n, channel)]) {
      const cut = sliceHex(data, 0, size(data) - 1)
      await assert.rejects(stranger.sendTransaction({ to: channels.address, data: cut }), /reverted/)
    }
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 0n)
  })
})

describe('bug class: unbounded arrays', () => {
  it('are only as long as the calldata: a length that lies fails at once, whatever the gas', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, client } = sluice
    const data = await batchData(sluice, 300n, channel)
    // Words of claimBatch: payee, token, offset, length.
    for (const [index, value] of [
      [3, 2n],
      [3, 10n ** 6n],
      [3, 2n ** 64n],
      [3, 2n ** 255n],
      [3, 2n ** 256n - 1n],
      [2, 2n ** 64n],
      [2, 2n ** 256n - 1n],
    ] as const) {
      const call = client.call({ to: channels.address, data: withWord(data, index, value), gas: 100_000n })
      await assert.rejects(call, /reverted/)
    }
  })

  it('of which one claim names a dirty payer find no channel', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, stranger, payer } = sluice
    const data = await batchData(sluice, 300n, channel)
    const dirty = BigInt(payer.account.address) | (1n << 160n)
    const sent = stranger.sendTransaction({ to: channels.address, data: withWord(data, 4, dirty) })
    await refusesWith(sent, channels, 'SliceChannels_ChannelUnknown')
    for (const index of [0, 1]) {
      const call = stranger.sendTransaction({ to: channels.address, data: withWord(data, index, 1n << 160n) })
      await assert.rejects(call, /reverted/)
    }
  })

  it('cost their caller and nobody else: a hundred claims in one batch cost each the same', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, payee, client } = sluice
    const to = payee.account.address
    const claim = packClaim(await makeClaim(sluice, channel, { cumulative: 300n }))
    await channels.write.claimBatch([to, NATIVE, [claim]])
    const gas = async (count: number) => {
      const claims = Array.from({ length: count }, () => claim)
      const hash = await channels.write.claimBatch([to, NATIVE, claims])
      return (await client.getTransactionReceipt({ hash })).gasUsed
    }
    const [ten, twenty, hundred] = [await gas(10), await gas(20), await gas(100)]
    const perClaim = (twenty - ten) / 10n
    const spent = (hundred - twenty) / 80n
    assert.ok(spent <= perClaim + perClaim / 20n, `${spent} per claim of a hundred, ${perClaim} of twenty`)
  })

  it('of different lengths are refused', async () => {
    const sluice = await loadFixture(funded)
    const { channels } = sluice
    const intent = await makeIntent(sluice, { amount: 1n })
    const signature = await signIntent(sluice, intent)
    for (const [intents, signatures] of [
      [1, 0],
      [0, 1],
      [1, 2],
    ] as const) {
      const batch = channels.write.openBatch([
        Array.from({ length: intents }, () => intent),
        Array.from({ length: signatures }, () => signature),
      ])
      await refuses(batch, channels, 'SliceChannels_LengthMismatch', [BigInt(intents), BigInt(signatures)])
    }
    await channels.write.openBatch([[], []])
  })

  it('of payouts end at sixteen, so that a sale costs no more than that', async () => {
    const sluice = await loadFixture(funded)
    const { keys, payer, client } = sluice
    const { contentId } = await publish(sluice)
    const share = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        to: pad(numberToHex(0xbeef_0000 + index), { size: 20 }),
        bps: index === 0 ? 10_000 - (count - 1) : 1,
      }))
    const tooMany = createEdition(sluice, contentId, { payouts: share(17) })
    await refuses(tooMany, keys, 'ContentKeys_TooManyPayouts', [17n, 16n])
    const { editionId } = await createEdition(sluice, contentId, { payouts: share(16), price: 10_000n })
    const { account } = payer
    const hash = await keys.write.buy([editionId, 1n, account.address, NATIVE, 10_000n, 1], { account, value: 10_000n })
    const { gasUsed } = await client.getTransactionReceipt({ hash })
    assert.ok(gasUsed < 600_000n, `${gasUsed} for sixteen payees`)
  })

  it('of ids are answered up to 256 at once', async () => {
    const { registry } = await loadFixture(deploySluice)
    const ids = (count: number) => Array.from({ length: count }, (_, index) => numberToHex(index, { size: WORD }))
    assert.equal((await registry.read.contentsOf([ids(256)]))[0].length, 256)
    await refuses(registry.read.contentsOf([ids(257)]), registry, 'MetaHashRegistry_BatchTooLarge', [257n, 256n])
  })
})
