import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeAbiParameters, getAddress, keccak256, zeroHash } from 'viem'
import { emits, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from './support/fixture.ts'
import { createEdition, publish, SLICES, terms } from './support/keys.ts'

const { loadFixture } = networkHelpers
const TO_THE_END = 0xffffffff

async function published() {
  const sluice = await deploySluice()
  return { ...sluice, ...(await publish(sluice)) }
}

describe('ContentKeys: editions', () => {
  it('stores the terms under keccak256(abi.encode(contentId, editionSalt))', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId, creator, stranger } = sluice
    const address = getAddress(creator.account.address)
    const payouts = [
      { to: getAddress(stranger.account.address), bps: 2500 },
      { to: address, bps: 7500 },
    ]
    const { editionId, salt, lockboxHash, hash, ...made } = await createEdition(sluice, contentId, { payouts })
    const encoded = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [contentId, salt])
    assert.equal(editionId, BigInt(keccak256(encoded)))
    await emits(hash, keys, 'EditionCreated', [editionId, contentId, address, 1, lockboxHash, made.terms])
    assert.deepEqual(await keys.read.editionOf([editionId]), {
      contentId,
      version: 1,
      sold: 0n,
      epoch: 1,
      lockboxHash,
      terms: made.terms,
    })
    assert.deepEqual(await keys.read.editionsOf([contentId]), [editionId])
  })

  it('tells the content of an edition, and zero of none', async () => {
    const sluice = await loadFixture(published)
    const { editionId } = await createEdition(sluice, sluice.contentId)
    assert.equal(await sluice.keys.read.contentOf([editionId]), sluice.contentId)
    assert.equal(await sluice.keys.read.contentOf([editionId + 1n]), zeroHash)
  })

  it('lets only the creator create editions and set lockboxes', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId, creator, stranger } = sluice
    const [owner, caller] = [getAddress(creator.account.address), getAddress(stranger.account.address)]
    const account = stranger.account
    const create = keys.write.createEdition([contentId, randomHex(), terms, 1, randomHex()], { account })
    await refuses(create, keys, 'ContentKeys_NotCreator', [caller, owner])
    const { editionId } = await createEdition(sluice, contentId)
    const set = keys.write.setLockbox([editionId, 2, randomHex()], { account })
    await refuses(set, keys, 'ContentKeys_NotCreator', [caller, owner])
  })

  it('refuses ranges outside the version, and takes the end of every version', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId } = sluice
    for (const [firstSlice, lastSlice] of [
      [0, SLICES],
      [5, 4],
      [SLICES, SLICES],
      [SLICES, TO_THE_END],
    ] as const) {
      const create = createEdition(sluice, contentId, { firstSlice, lastSlice }).then(({ hash }) => hash)
      await refuses(create, keys, 'ContentKeys_RangeInvalid', [firstSlice, lastSlice, SLICES])
    }
    await createEdition(sluice, contentId, { firstSlice: SLICES - 1, lastSlice: SLICES - 1 })
    await createEdition(sluice, contentId, { firstSlice: SLICES - 1, lastSlice: TO_THE_END })
  })

  it('bounds royalty, referral and payouts', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId, creator } = sluice
    const to = creator.account.address
    const create = (change: Partial<typeof terms>) => createEdition(sluice, contentId, change).then(({ hash }) => hash)
    await create({ royaltyBps: 5000, referralBps: 5000 })
    await refuses(create({ royaltyBps: 5001 }), keys, 'ContentKeys_RoyaltyTooHigh', [5001n, 5000n])
    await refuses(create({ referralBps: 5001 }), keys, 'ContentKeys_ReferralTooHigh', [5001n, 5000n])
    for (const bps of [9_999, 10_001]) {
      await refuses(create({ payouts: [{ to, bps }] }), keys, 'ContentKeys_PayoutsInvalid', [BigInt(bps), 10_000n])
    }
    const many = (count: number) => Array.from({ length: count }, () => ({ to, bps: 10_000 / 16 }))
    await create({ payouts: many(16) })
    await refuses(create({ payouts: many(17) }), keys, 'ContentKeys_TooManyPayouts', [17n, 16n])
    const nobody = [to, NATIVE].map((address) => ({ to: address, bps: 5_000 }))
    await refuses(create({ payouts: nobody }), keys, 'ContentKeys_PayoutToZero', [1n])
    await refuses(create({ duration: 60, transferable: true }), keys, 'ContentKeys_TimedTransferable', [60])
  })

  it('refuses a used id, an unknown version and a missing lockbox', async () => {
    const sluice = await loadFixture(published)
    const { keys, registry, contentId, creator } = sluice
    const account = creator.account
    const { editionId, salt } = await createEdition(sluice, contentId)
    await refuses(
      keys.write.createEdition([contentId, salt, terms, 1, randomHex()], { account }),
      keys,
      'ContentKeys_EditionExists',
      [editionId],
    )
    await refuses(
      keys.write.createEdition([contentId, randomHex(), terms, 2, randomHex()], { account }),
      registry,
      'MetaHashRegistry_VersionUnknown',
      [contentId, 2, 1],
    )
    const zero = `0x${'00'.repeat(32)}` as const
    await refuses(
      keys.write.createEdition([contentId, randomHex(), terms, 1, zero], { account }),
      keys,
      'ContentKeys_LockboxZero',
      [],
    )
    await refuses(keys.write.setLockbox([editionId, 2, zero], { account }), keys, 'ContentKeys_LockboxZero', [])
    await refuses(keys.read.editionOf([1n]), keys, 'ContentKeys_EditionUnknown', [1n])
  })

  it('allows 64 editions of a content and no more', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId, creator, stranger } = sluice
    for (let i = 0; i < 64; i++) await createEdition(sluice, contentId)
    const create = keys.write.createEdition([contentId, randomHex(), terms, 1, randomHex()], {
      account: creator.account,
    })
    await refuses(create, keys, 'ContentKeys_EditionLimit', [contentId, 64n])
    assert.equal(await keys.read.isEntitled([contentId, 1, stranger.account.address, 0, 0]), false)
  })

  it('deals anew under a strictly rising epoch', async () => {
    const sluice = await loadFixture(published)
    const { keys, contentId, creator } = sluice
    const account = creator.account
    const { editionId } = await createEdition(sluice, contentId)
    const hash = randomHex()
    await emits(keys.write.setLockbox([editionId, 5, hash], { account }), keys, 'LockboxSet', [editionId, 5, hash])
    for (const epoch of [0, 5]) {
      const set = keys.write.setLockbox([editionId, epoch, randomHex()], { account })
      await refuses(set, keys, 'ContentKeys_EpochStale', [editionId, epoch, 5])
    }
    assert.equal((await keys.read.editionOf([editionId])).lockboxHash, hash)
  })

  it('names the creator of now for royalties', async () => {
    const sluice = await loadFixture(published)
    const { keys, registry, contentId, creator, stranger } = sluice
    const { editionId } = await createEdition(sluice, contentId, { royaltyBps: 750 })
    assert.deepEqual(await keys.read.royaltyInfo([editionId, 10_000n]), [getAddress(creator.account.address), 750n])
    await registry.write.transferCreator([contentId, stranger.account.address], { account: creator.account })
    await registry.write.acceptCreator([contentId], { account: stranger.account })
    assert.equal((await keys.read.royaltyInfo([editionId, 1n]))[0], getAddress(stranger.account.address))
  })
})
