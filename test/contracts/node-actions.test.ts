import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesToHex, getAddress, zeroAddress } from 'viem'
import {
  addStake,
  deregisterNode,
  listKeepers,
  listNodes,
  readKeeperKeys,
  readNode,
  readNodes,
  registerNode,
  requestUnstake,
  setKeeperKey,
  unstake,
} from '../../sdk/src/chain/index.ts'
import type { NodeRole } from '../../sdk/src/chain/index.ts'
import { generateKeeperKey, keeperPublicKey, proveKeeperRegistration } from '../../sdk/src/key/index.ts'
import { peerIdFromBytes, peerIdToBytes } from '../../sdk/src/wire/index.ts'
import { fails, world } from './support/actions.ts'
import type { World } from './support/actions.ts'
import { randomHex } from './support/channels.ts'
import { networkHelpers, now } from './support/fixture.ts'
import { makeNode, Role, WEEK } from './support/nodes.ts'

const { loadFixture } = networkHelpers
type Owner = World['creator']

/** A peer id as libp2p writes it. */
function makePeerId(): string {
  const peerId = peerIdFromBytes(Buffer.from(makeNode().peerId.slice(2), 'hex'))
  assert.ok(peerId)
  return peerId
}

async function register({ contracts }: World, owner: Owner, roles: readonly NodeRole[] = ['seeder', 'keeper']) {
  const peerId = makePeerId()
  await registerNode(owner, { contracts, peerId, roles })
  return peerId
}

/** A fresh key with its proof, for the account's node as it is, or as `change` has it. */
function makeKey({ nodes, domain }: World, owner: Owner, peerId: string) {
  const secret = generateKeeperKey()
  const proof = proveKeeperRegistration(secret, {
    chainId: domain.chainId,
    registry: nodes.address,
    owner: owner.account.address,
    peerId: bytesToHex(peerIdToBytes(peerId)),
  })
  return { publicKey: keeperPublicKey(secret), proof }
}

async function registerKeeper(sluice: World, owner: Owner) {
  const peerId = await register(sluice, owner)
  const key = makeKey(sluice, owner, peerId)
  await setKeeperKey(owner, { contracts: sluice.contracts, ...key })
  return { peerId, ...key }
}

describe('chain actions: nodes', () => {
  it('registers a node, reads it back and takes it out of service', async () => {
    const sluice = await loadFixture(world)
    const { creator, client, contracts } = sluice
    const [owner, peerId, certificate] = [getAddress(creator.account.address), makePeerId(), randomHex()]
    const endpoint = 'https://node.example'
    await registerNode(creator, { contracts, peerId, roles: ['relay', 'seeder'], endpoint, certificate })
    const time = await now()
    const node = {
      owner,
      peerId,
      peerIdBytes: bytesToHex(peerIdToBytes(peerId)),
      roles: ['seeder', 'relay'],
      endpoint,
      certificate,
      registeredAt: time,
      updatedAt: time,
      stake: { amount: 0n, firm: 0n },
    }
    assert.deepEqual(await readNode(client, { contracts, owner }), node)

    await deregisterNode(creator, { contracts })
    const [gone, nobody] = await readNodes(client, { contracts, owners: [owner, zeroAddress] })
    assert.deepEqual(gone, { ...node, roles: [], updatedAt: await now() })
    assert.deepEqual([nobody?.registeredAt, nobody?.roles, nobody?.peerId], [0n, [], undefined])
    assert.deepEqual((await listNodes(client, { contracts })).nodes, [])
    await fails(deregisterNode(creator, { contracts }), 'CHAIN_REVERT', 'NodeRegistry_NotRegistered')
  })

  it('refuses a peer id that is none, and no roles at all', async () => {
    const { creator, contracts } = await loadFixture(world)
    await fails(registerNode(creator, { contracts, peerId: 'nobody', roles: ['seeder'] }), 'BAD_INPUT')
    const idle = registerNode(creator, { contracts, peerId: makePeerId(), roles: [] })
    await fails(idle, 'CHAIN_REVERT', 'NodeRegistry_RolesInvalid')
  })

  it('stakes, announces an exit and completes it', async () => {
    const sluice = await loadFixture(world)
    const { creator, client, contracts } = sluice
    const owner = creator.account.address
    const stake = async () => (await readNode(client, { contracts, owner })).stake
    await register(sluice, creator)
    await addStake(creator, { contracts, amount: 100n })
    assert.deepEqual(await stake(), { amount: 100n, firm: 100n })
    await requestUnstake(creator, { contracts, amount: 30n })
    const availableAt = (await now()) + WEEK
    const exit = { amount: 30n, availableAt, expiresAt: availableAt + WEEK }
    assert.deepEqual(await stake(), { amount: 100n, firm: 70n, exit })
    await fails(unstake(creator, { contracts }), 'CHAIN_REVERT', 'NodeRegistry_UnstakeTooEarly')
    await networkHelpers.time.increase(WEEK)
    await unstake(creator, { contracts })
    assert.deepEqual(await stake(), { amount: 70n, firm: 70n })
  })

  it('lists nodes by page, by role and by what they have at stake', async () => {
    const sluice = await loadFixture(world)
    const { creator, payer, payee, client, contracts } = sluice
    await register(sluice, creator, ['seeder'])
    await register(sluice, payer, ['relay'])
    await register(sluice, payee, ['seeder', 'relay'])
    await addStake(payer, { contracts, amount: 10n })
    await addStake(payee, { contracts, amount: 10n })
    await requestUnstake(payee, { contracts, amount: 1n })
    const list = async (options: Partial<listNodes.Options>) => {
      const { nodes, nextOffset } = await listNodes(client, { contracts, ...options })
      return [nodes.map(({ owner }) => owner), nextOffset]
    }
    const [first, second, third] = [creator, payer, payee].map(({ account }) => getAddress(account.address))
    assert.deepEqual(await list({}), [[first, second, third], undefined])
    assert.deepEqual(await list({ limit: 2 }), [[first, second], 2])
    assert.deepEqual(await list({ limit: 2, offset: 2 }), [[third], undefined])
    assert.deepEqual(await list({ offset: 3 }), [[], undefined])
    for (const page of [{ offset: -1 }, { limit: 0 }, { limit: 1.5 }, { offset: Number.NaN }]) {
      await fails(list(page), 'BAD_INPUT')
    }
    assert.deepEqual(await list({ role: 'relay' }), [[second, third], undefined])
    assert.deepEqual(await list({ role: 'relay', limit: 1 }), [[], 1])
    assert.deepEqual(await list({ minStake: 10n }), [[second], undefined])
  })
})

describe('chain actions: keepers', () => {
  it('sets a key with a proof, and keeps the earlier ones readable', async () => {
    const sluice = await loadFixture(world)
    const { creator, client, contracts } = sluice
    const owner = creator.account.address
    const { peerId, ...first } = await registerKeeper(sluice, creator)
    const since = await now()
    const registered = { ...first, proven: true, peerId, since }
    assert.deepEqual((await readNode(client, { contracts, owner })).keeperKey, registered)

    const moved = await register(sluice, creator)
    assert.equal((await readNode(client, { contracts, owner })).keeperFault, 'other-peer')
    const second = makeKey(sluice, creator, moved)
    await setKeeperKey(creator, { contracts, ...second })
    const keys = await readKeeperKeys(client, { contracts, owner })
    assert.deepEqual(keys, [registered, { ...second, proven: true, peerId: moved, since: await now() }])
    assert.deepEqual(await readKeeperKeys(client, { contracts, owner, limit: 1 }), keys.slice(1))
  })

  it('sends no proof that readers would refuse', async () => {
    const sluice = await loadFixture(world)
    const { creator, payer, contracts } = sluice
    const peerId = await register(sluice, creator)
    const { publicKey, proof } = makeKey(sluice, creator, peerId)
    for (const refused of [
      makeKey(sluice, creator, makePeerId()),
      makeKey(sluice, payer, peerId),
      { publicKey: makeKey(sluice, creator, peerId).publicKey, proof },
      { publicKey, proof: { ...proof, response: proof.challenge } },
    ]) {
      await fails(setKeeperKey(creator, { contracts, ...refused }), 'PROOF_INVALID')
    }
    await setKeeperKey(creator, { contracts, publicKey, proof })
    const again = setKeeperKey(creator, { contracts, publicKey, proof })
    await fails(again, 'CHAIN_REVERT', 'NodeRegistry_KeeperKeyUnchanged')
  })

  it('lists keepers that prove their key, and names the others and why', async () => {
    const sluice = await loadFixture(world)
    const { nodes, creator, payer, payee, stranger, other, deployer, client, contracts } = sluice
    const honest = await registerKeeper(sluice, creator)
    // What the sdk would not send: another's key and proof, as they stand on chain.
    await register(sluice, payer)
    const { challenge, response } = honest.proof
    await nodes.write.setKeeperKey([honest.publicKey, challenge, response], { account: payer.account })
    await register(sluice, payee)
    await registerKeeper(sluice, stranger)
    await register(sluice, stranger)
    await register(sluice, other, ['seeder'])
    await nodes.write.register([makeNode({ peerId: '0x07', roles: Role.Keeper })], { account: deployer.account })

    const { keepers, dropped, complete } = await listKeepers(client, { contracts })
    assert.deepEqual(
      keepers.map(({ peerId, keeperKey }) => [peerId, keeperKey.publicKey]),
      [[honest.peerId, honest.publicKey]],
    )
    assert.deepEqual(
      dropped.map(({ owner, fault }) => [owner, fault]),
      [
        [getAddress(payer.account.address), 'proof-invalid'],
        [getAddress(payee.account.address), 'no-key'],
        [getAddress(stranger.account.address), 'other-peer'],
        [getAddress(deployer.account.address), 'no-key'],
      ],
    )
    assert.equal(complete, true)
    assert.equal((await readNode(client, { contracts, owner: payer.account.address })).keeperFault, 'proof-invalid')
  })

  it('drops a keeper whose peer id is none, however good its proof', async () => {
    const sluice = await loadFixture(world)
    const { nodes, creator, client, contracts, domain } = sluice
    const account = creator.account
    await nodes.write.register([makeNode({ peerId: '0x07', roles: Role.Keeper })], { account })
    const [secret, place] = [generateKeeperKey(), { chainId: domain.chainId, registry: nodes.address }]
    const proof = proveKeeperRegistration(secret, { ...place, owner: account.address, peerId: '0x07' })
    await setKeeperKey(creator, { contracts, publicKey: keeperPublicKey(secret), proof })
    const { keepers, dropped } = await listKeepers(client, { contracts })
    assert.deepEqual(keepers, [])
    assert.deepEqual(dropped, [{ owner: getAddress(account.address), peerId: '0x07', fault: 'no-peer-id' }])
  })

  it('looks at so many nodes and no more, and stops when it is told to', async () => {
    const sluice = await loadFixture(world)
    const { creator, payer, client, contracts } = sluice
    await registerKeeper(sluice, creator)
    await registerKeeper(sluice, payer)
    const part = await listKeepers(client, { contracts, maxNodes: 1 })
    assert.deepEqual([part.keepers.length, part.complete], [1, false])
    assert.equal((await listKeepers(client, { contracts, maxNodes: 2 })).complete, true)
    await fails(listKeepers(client, { contracts, signal: AbortSignal.abort() }), 'ABORTED')
  })
})
