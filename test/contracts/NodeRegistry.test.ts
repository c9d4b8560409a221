import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import {
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  keccak256,
  sha256,
  stringToHex,
  zeroHash,
} from 'viem'
import { emits, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, networkHelpers, now } from './support/fixture.ts'
import { makeKey, makeNode, register, Role } from './support/nodes.ts'

const { loadFixture } = networkHelpers
const ALL = Role.Seeder | Role.Keeper | Role.Bootstrap | Role.Relay

describe('NodeRegistry: registration', () => {
  it('registers a node and reads it back', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const owner = getAddress(creator.account.address)
    const node = makeNode()
    await emits(nodes.write.register([node], { account: creator.account }), nodes, 'NodeRegistered', [
      owner,
      node.roles,
      keccak256(node.peerId),
      node.peerId,
      node.endpoint,
      node.certificate,
    ])
    const time = await now()
    const record = await nodes.read.nodeOf([owner])
    assert.deepEqual(record, {
      owner,
      node,
      registeredAt: time,
      updatedAt: time,
      stake: { amount: 0n, leaving: 0n, availableAt: 0n, expiresAt: 0n },
      keeperKeyCount: 0n,
      keeperKey: { key: zeroHash, challenge: zeroHash, response: zeroHash, since: 0n, peerId: '0x' },
    })
  })

  it('replaces what was registered, and remembers when it was first', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    await register(sluice, account)
    const first = await now()
    await networkHelpers.time.increase(60)
    const { node } = await register(sluice, account, { roles: Role.Relay, endpoint: '', certificate: zeroHash })
    const record = await nodes.read.nodeOf([account.address])
    assert.deepEqual(record.node, node)
    assert.deepEqual([record.registeredAt, record.updatedAt], [first, await now()])
    assert.equal(await nodes.read.nodeCount(), 1n)
  })

  it('takes peer ids of 1 to 64 bytes and endpoints of up to 256', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const send = (change: Parameters<typeof makeNode>[0]) => nodes.write.register([makeNode(change)], { account })
    for (const peerId of ['0x07', `0x${'ab'.repeat(64)}`] as const) await send({ peerId })
    // Two bytes a letter: what is counted is bytes.
    await send({ endpoint: 'é'.repeat(128) })
    assert.equal((await nodes.read.nodeOf([account.address])).node.endpoint, 'é'.repeat(128))

    await refuses(send({ peerId: '0x' }), nodes, 'NodeRegistry_PeerIdLength', [0n, 64n])
    await refuses(send({ peerId: `0x${'ab'.repeat(65)}` }), nodes, 'NodeRegistry_PeerIdLength', [65n, 64n])
    const long = `${'é'.repeat(128)}.`
    await refuses(send({ endpoint: long }), nodes, 'NodeRegistry_EndpointTooLong', [257n, 256n])
  })

  it('takes every set of known roles but the empty one', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const send = (roles: number) => nodes.write.register([makeNode({ roles })], { account: creator.account })
    for (let roles = 1; roles <= ALL; roles++) await send(roles)
    for (const roles of [0, ALL + 1, 128, 255]) {
      await refuses(send(roles), nodes, 'NodeRegistry_RolesInvalid', [roles, ALL])
    }
  })

  it('lets several owners name one peer, so that nobody can lock a peer out', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator, stranger } = sluice
    const { node } = await register(sluice, stranger.account)
    await register(sluice, creator.account, { peerId: node.peerId })
    const records = await nodes.read.nodes([0n, 2n])
    assert.deepEqual(
      records.map((record) => record.node.peerId),
      [node.peerId, node.peerId],
    )
  })

  it('clears the roles of a node that is deregistered, and keeps the rest readable', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const { node } = await register(sluice, account)
    const registeredAt = await now()
    const [key, ...proof] = makeKey()
    await nodes.write.setKeeperKey([key, ...proof], { account })
    await networkHelpers.time.increase(60)
    await emits(nodes.write.deregister({ account }), nodes, 'NodeDeregistered', [getAddress(account.address)])

    const record = await nodes.read.nodeOf([account.address])
    assert.deepEqual(record.node, { ...node, roles: 0 })
    assert.deepEqual([record.registeredAt, record.updatedAt], [registeredAt, await now()])
    assert.equal(record.keeperKey.key, key)
    assert.equal(await nodes.read.nodeCount(), 1n)
    await register(sluice, account)
    assert.equal(await nodes.read.nodeCount(), 1n)
  })

  it('deregisters nobody who has no node, or not any more', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const owner = getAddress(account.address)
    await refuses(nodes.write.deregister({ account }), nodes, 'NodeRegistry_NotRegistered', [owner])
    await register(sluice, account)
    await nodes.write.deregister({ account })
    await refuses(nodes.write.deregister({ account }), nodes, 'NodeRegistry_NotRegistered', [owner])
  })
})

describe('NodeRegistry: keeper keys', () => {
  it('sets keys one after the other and keeps the earlier ones with their time and peer', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const owner = getAddress(account.address)
    const { node } = await register(sluice, account)
    const expected = []
    for (const index of [0n, 1n]) {
      const [key, challenge, response] = makeKey()
      const set = nodes.write.setKeeperKey([key, challenge, response], { account })
      await emits(set, nodes, 'KeeperKeySet', [owner, index, key, challenge, response])
      expected.push({ key, challenge, response, since: await now(), peerId: node.peerId })
      await networkHelpers.time.increase(60)
    }
    assert.equal(await nodes.read.keeperKeyCount([owner]), 2n)
    assert.deepEqual(await nodes.read.keeperKeyOf([owner, 0n]), expected[0])
    assert.deepEqual(await nodes.read.keeperKeyOf([owner, 1n]), expected[1])
    const record = await nodes.read.nodeOf([owner])
    assert.equal(record.keeperKeyCount, 2n)
    assert.deepEqual(record.keeperKey, expected[1])
    await refuses(nodes.read.keeperKeyOf([owner, 2n]), nodes, 'NodeRegistry_KeeperKeyUnknown', [owner, 2n, 2n])
  })

  it('keeps the peer that an earlier proof names when the node’s peer id changes', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const { node: before } = await register(sluice, account)
    const key = makeKey()
    await nodes.write.setKeeperKey(key, { account })
    const { node: after } = await register(sluice, account)
    assert.equal((await nodes.read.nodeOf([account.address])).keeperKey.peerId, before.peerId)

    await nodes.write.setKeeperKey(key, { account })
    assert.equal((await nodes.read.keeperKeyOf([account.address, 0n])).peerId, before.peerId)
    assert.equal((await nodes.read.keeperKeyOf([account.address, 1n])).peerId, after.peerId)
  })

  it('refuses zero and what is in force already, and takes a mended proof', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const { node } = await register(sluice, account)
    const [key, challenge, response] = makeKey()
    const set = (...args: ReturnType<typeof makeKey>) => nodes.write.setKeeperKey(args, { account })
    await refuses(set(zeroHash, challenge, response), nodes, 'NodeRegistry_KeeperKeyZero', [])
    await set(key, challenge, response)
    await refuses(set(key, challenge, response), nodes, 'NodeRegistry_KeeperKeyUnchanged', [key])
    // The same registration again is no new peer.
    await register(sluice, account, { peerId: node.peerId })
    await refuses(set(key, challenge, response), nodes, 'NodeRegistry_KeeperKeyUnchanged', [key])
    await set(key, challenge, randomHex())
    await set(key, randomHex(), response)
    await set(randomHex(), challenge, response)
    await set(key, challenge, response)
    assert.equal(await nodes.read.keeperKeyCount([account.address]), 5n)
  })

  it('takes keys of keepers only', async () => {
    const sluice = await loadFixture(deploySluice)
    const { nodes, creator } = sluice
    const account = creator.account
    const owner = getAddress(account.address)
    const set = () => nodes.write.setKeeperKey(makeKey(), { account })
    await refuses(set(), nodes, 'NodeRegistry_NotKeeper', [owner, 0])
    await register(sluice, account, { roles: ALL - Role.Keeper })
    await refuses(set(), nodes, 'NodeRegistry_NotKeeper', [owner, ALL - Role.Keeper])
    await register(sluice, account, { roles: Role.Keeper })
    await set()
    await nodes.write.deregister({ account })
    await refuses(set(), nodes, 'NodeRegistry_NotKeeper', [owner, 0])
  })

  it('says what a proof is made over', async () => {
    const { nodes, creator, client } = await loadFixture(deploySluice)
    const [owner, peerId, key] = [creator.account.address, stringToHex('peer'), randomHex()]
    const types = ['uint256', 'address', 'address', 'bytes', 'bytes32'].map((type) => ({ type }))
    const encoded = encodeAbiParameters(types, [await client.getChainId(), nodes.address, owner, peerId, key])
    assert.equal(await nodes.read.keeperStatementOf([owner, peerId, key]), sha256(encoded))
  })
})

describe('NodeRegistry: lists', () => {
  async function threeNodes() {
    const sluice = await deploySluice()
    const accounts = [sluice.creator, sluice.payer, sluice.payee].map(({ account }) => account)
    for (const account of accounts) await register(sluice, account)
    return { ...sluice, owners: accounts.map(({ address }) => getAddress(address)) }
  }

  it('lists nodes by page, in an order that deregistering does not change', async () => {
    const { nodes, owners, payer } = await loadFixture(threeNodes)
    const page = async (offset: bigint, limit: bigint) =>
      (await nodes.read.nodes([offset, limit])).map(({ owner }) => owner)
    await nodes.write.deregister({ account: payer.account })
    assert.equal(await nodes.read.nodeCount(), 3n)
    assert.deepEqual(await page(0n, 2n), owners.slice(0, 2))
    assert.deepEqual(await page(2n, 2n), owners.slice(2))
    assert.deepEqual(await page(0n, 256n), owners)
    assert.deepEqual(await page(1n, 0n), [])
    assert.deepEqual(await page(3n, 1n), [])
    assert.deepEqual(await page(2n ** 256n - 1n, 256n), [])
  })

  it('answers batches with zeroes for unknown accounts', async () => {
    const { nodes, owners, stranger } = await loadFixture(threeNodes)
    const asked = [owners[2], getAddress(stranger.account.address)] as `0x${string}`[]
    const records = await nodes.read.nodesOf([asked])
    assert.deepEqual(
      records.map(({ owner }) => owner),
      asked,
    )
    assert.deepEqual(records[0], await nodes.read.nodeOf([asked[0] ?? '0x']))
    assert.deepEqual(records[1]?.node, { peerId: '0x', roles: 0, endpoint: '', certificate: zeroHash })
    assert.equal(records[1].registeredAt, 0n)
  })

  // What counts statements costs gas itself.
  it(
    'fills the largest page within what endpoints compute for a call',
    { skip: hre.globalOptions.coverage },
    async () => {
      const { nodes, client } = await loadFixture(deploySluice)
      for (let i = 0; i < 256; i++) {
        const owner = getAddress(`0x${randomHex().slice(26)}`)
        await networkHelpers.impersonateAccount(owner)
        await networkHelpers.setBalance(owner, 10n ** 18n)
        const largest = { peerId: `0x${'ab'.repeat(64)}`, endpoint: 'x'.repeat(256) } as const
        await nodes.write.register([makeNode(largest)], { account: owner })
        await nodes.write.setKeeperKey(makeKey(), { account: owner })
        await nodes.write.addStake({ account: owner, value: 1n })
      }
      // What EIP-7825 lets a transaction use; endpoints commonly allow a call more.
      const gas = 2n ** 24n
      const data = encodeFunctionData({ abi: nodes.abi, functionName: 'nodes', args: [0n, 256n] })
      const answer = await client.call({ to: nodes.address, data, gas })
      const records = decodeFunctionResult({ abi: nodes.abi, functionName: 'nodes', data: answer.data ?? '0x' })
      assert.deepEqual([records.length, records[255]?.node.endpoint.length], [256, 256])
    },
  )

  it('refuses more than 256 at once', async () => {
    const { nodes, owners } = await loadFixture(threeNodes)
    const many = Array.from({ length: 257 }, () => owners[0] ?? '0x')
    assert.equal((await nodes.read.nodesOf([many.slice(1)])).length, 256)
    await refuses(nodes.read.nodesOf([many]), nodes, 'NodeRegistry_BatchTooLarge', [257n, 256n])
    await refuses(nodes.read.nodes([0n, 257n]), nodes, 'NodeRegistry_BatchTooLarge', [257n, 256n])
  })
})
