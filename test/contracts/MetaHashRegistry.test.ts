import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeAbiParameters, getAddress, keccak256 } from 'viem'
import type { Address } from 'viem'
import { emits, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from './support/fixture.ts'
import { Kind, publish, SLICES, Status } from './support/keys.ts'

const { loadFixture } = networkHelpers

describe('MetaHashRegistry', () => {
  it('derives the content id from creator and salt', async () => {
    const sluice = await loadFixture(deploySluice)
    const { contentId, salt } = await publish(sluice)
    const encoded = encodeAbiParameters(
      [{ type: 'address' }, { type: 'bytes32' }],
      [sluice.creator.account.address, salt],
    )
    assert.equal(contentId, keccak256(encoded))
  })

  it('registers a content with its first version', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry, creator } = sluice
    const { contentId, salt, metaHash, proofRoot, hash } = await publish(sluice)
    const address = getAddress(creator.account.address)
    await emits(hash, registry, 'ContentPublished', [contentId, address, Kind.Media, salt])
    await emits(hash, registry, 'VersionPublished', [contentId, 1, metaHash, proofRoot, SLICES])
    assert.deepEqual(await registry.read.contentOf([contentId]), {
      creator: address,
      pendingCreator: NATIVE,
      status: Status.Active,
      kind: Kind.Media,
      versionCount: 1,
    })
    assert.deepEqual(await registry.read.versionOf([contentId, 1]), {
      metaHash,
      proofRoot,
      sliceCount: SLICES,
      publishedAt: await now(),
    })
    assert.deepEqual(await registry.read.headOf([contentId]), [address, Status.Active, 1])
    assert.equal(await registry.read.creatorOf([contentId]), address)
  })

  it('gives two creators different ids for one salt', async () => {
    const sluice = await loadFixture(deploySluice)
    const { contentId, salt } = await publish(sluice)
    const { stranger } = sluice
    await sluice.registry.write.publish([salt, randomHex(), randomHex(), 1, Kind.File], { account: stranger.account })
    assert.notEqual(await sluice.registry.read.contentIdOf([stranger.account.address, salt]), contentId)
  })

  it('refuses a salt that was used before', async () => {
    const sluice = await loadFixture(deploySluice)
    const { contentId, salt } = await publish(sluice)
    const { registry, creator } = sluice
    const again = registry.write.publish([salt, randomHex(), randomHex(), 1, Kind.File], { account: creator.account })
    await refuses(again, registry, 'MetaHashRegistry_ContentExists', [contentId])
  })

  it('refuses a version without meta-hash, proof root or slices', async () => {
    const { registry } = await loadFixture(deploySluice)
    const zero = `0x${'00'.repeat(32)}` as const
    await refuses(
      registry.write.publish([randomHex(), zero, randomHex(), 1, 0]),
      registry,
      'MetaHashRegistry_MetaHashZero',
      [],
    )
    await refuses(
      registry.write.publish([randomHex(), randomHex(), zero, 1, 0]),
      registry,
      'MetaHashRegistry_ProofRootZero',
      [],
    )
    await refuses(
      registry.write.publish([randomHex(), randomHex(), randomHex(), 0, 0]),
      registry,
      'MetaHashRegistry_SliceCountZero',
      [],
    )
  })

  it('keeps every version readable', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry, creator } = sluice
    const { contentId, metaHash } = await publish(sluice)
    const second = randomHex()
    await registry.write.publishVersion([contentId, second, randomHex(), 7], { account: creator.account })
    assert.equal((await registry.read.versionOf([contentId, 1])).metaHash, metaHash)
    assert.equal((await registry.read.versionOf([contentId, 2])).metaHash, second)
    await refuses(registry.read.versionOf([contentId, 3]), registry, 'MetaHashRegistry_VersionUnknown', [
      contentId,
      3,
      2,
    ])
    await refuses(registry.read.versionOf([contentId, 0]), registry, 'MetaHashRegistry_VersionUnknown', [
      contentId,
      0,
      2,
    ])
  })

  it('lets nobody but the creator publish, set the status or hand over', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry, stranger, creator } = sluice
    const { contentId } = await publish(sluice)
    const account = stranger.account
    const args: [Address, Address] = [getAddress(account.address), getAddress(creator.account.address)]
    for (const call of [
      () => registry.write.publishVersion([contentId, randomHex(), randomHex(), 1], { account }),
      () => registry.write.setStatus([contentId, Status.Delisted], { account }),
      () => registry.write.transferCreator([contentId, account.address], { account }),
    ]) {
      await refuses(call(), registry, 'MetaHashRegistry_NotCreator', args)
    }
  })

  it('switches between active and delisted only', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry, creator } = sluice
    const { contentId } = await publish(sluice)
    const account = creator.account
    const set = (status: number) => registry.write.setStatus([contentId, status], { account })
    for (const status of [Status.None, Status.Active]) {
      await refuses(set(status), registry, 'MetaHashRegistry_StatusInvalid', [status, Status.Active])
    }
    await emits(set(Status.Delisted), registry, 'StatusChanged', [contentId, Status.Delisted])
    assert.equal((await registry.read.versionOf([contentId, 1])).sliceCount, SLICES)
    await emits(set(Status.Active), registry, 'StatusChanged', [contentId, Status.Active])
  })

  it('hands a content over in two steps, which the creator can take back in between', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry, creator, stranger, other } = sluice
    const { contentId } = await publish(sluice)
    const [from, to] = [getAddress(creator.account.address), getAddress(stranger.account.address)]
    const accept = (account: typeof stranger.account) => registry.write.acceptCreator([contentId], { account })

    await registry.write.transferCreator([contentId, to], { account: creator.account })
    await refuses(accept(other.account), registry, 'MetaHashRegistry_NotPendingCreator', [
      getAddress(other.account.address),
      to,
    ])
    await registry.write.transferCreator([contentId, NATIVE], { account: creator.account })
    await refuses(accept(stranger.account), registry, 'MetaHashRegistry_NotPendingCreator', [to, NATIVE])

    await registry.write.transferCreator([contentId, to], { account: creator.account })
    assert.equal(await registry.read.creatorOf([contentId]), from)
    await emits(accept(stranger.account), registry, 'CreatorTransferred', [contentId, from, to])
    assert.equal(await registry.read.creatorOf([contentId]), to)
    await refuses(accept(stranger.account), registry, 'MetaHashRegistry_NotPendingCreator', [to, NATIVE])
  })

  it('answers batches with zeroes for unknown ids, and refuses more than 256', async () => {
    const sluice = await loadFixture(deploySluice)
    const { registry } = sluice
    const { contentId, metaHash } = await publish(sluice)
    const [contents, latest] = await registry.read.contentsOf([[contentId, randomHex()]])
    assert.deepEqual(
      contents.map(({ status }) => status),
      [Status.Active, Status.None],
    )
    assert.deepEqual(
      latest.map((version) => version.sliceCount),
      [SLICES, 0],
    )
    assert.equal(latest[0]?.metaHash, metaHash)
    await registry.read.contentsOf([Array.from({ length: 256 }, () => contentId)])
    await refuses(
      registry.read.contentsOf([Array.from({ length: 257 }, () => contentId)]),
      registry,
      'MetaHashRegistry_BatchTooLarge',
      [257n, 256n],
    )
  })

  it('says so when a content is unknown', async () => {
    const { registry } = await loadFixture(deploySluice)
    const id = randomHex()
    for (const read of [registry.read.contentOf, registry.read.creatorOf, registry.read.headOf]) {
      await refuses(read([id]), registry, 'MetaHashRegistry_ContentUnknown', [id])
    }
  })
})
