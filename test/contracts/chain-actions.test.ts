import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWalletClient, custom, getAddress, http } from 'viem'
import type { Hex } from 'viem'
import {
  approveToken,
  authorize,
  buyKey,
  checkChain,
  claimAndClose,
  claimChannels,
  closeChannelNow,
  createEdition,
  deposit,
  depositAndAuthorize,
  finalizeClose,
  findChannel,
  isEntitled,
  isEntitledBy,
  listContents,
  openChannel,
  publishContent,
  publishVersion,
  readChannel,
  readContent,
  readContents,
  readEdition,
  readEditions,
  readEscrow,
  readGrant,
  readKey,
  readKeyCredits,
  readSessionExpiry,
  requestClose,
  requestWithdraw,
  revoke,
  setLockbox,
  setStatus,
  topUpChannel,
  transferKey,
  withdraw,
  withdrawKeyCredits,
} from '../../sdk/src/chain/index.ts'
import { titleSuffix } from '../../sdk/src/chain/title-suffix.ts'
import type { EditionTerms } from '../../sdk/src/chain/index.ts'
import { channelId, descriptorOf } from '../../sdk/src/channel/index.ts'
import { fails, world } from './support/actions.ts'
import type { World } from './support/actions.ts'
import { ETHER, farAhead, makeClaim, makeIntent, randomHex, signIntent, signTopUp } from './support/channels.ts'
import { NATIVE, networkHelpers, now } from './support/fixture.ts'
import { terms as baseTerms } from './support/keys.ts'
import { signPermit } from './support/permit.ts'

const { loadFixture } = networkHelpers
const terms: EditionTerms = { ...baseTerms, price: 1000n }

function publishOne({ creator, contracts }: World, salt = randomHex()) {
  const version = { metaHash: randomHex(), proofRoot: randomHex(), sliceCount: 100 }
  return publishContent(creator, { contracts, salt, ...version, kind: 'component' })
}

async function publishAndSell(sluice: World, change: Partial<EditionTerms> = {}) {
  const { contentId } = await publishOne(sluice)
  const { editionId } = await createEdition(sluice.creator, {
    contracts: sluice.contracts,
    contentId,
    editionSalt: randomHex(),
    terms: { ...terms, ...change },
    version: 1,
    lockboxHash: randomHex(),
  })
  return { contentId, editionId }
}

describe('chain actions: contents and keys', () => {
  it('publishes, adds versions and reads both back', async () => {
    const sluice = await loadFixture(world)
    const { creator, client, contracts } = sluice
    const { contentId, hash, receipt } = await publishOne(sluice)
    assert.equal(receipt.transactionHash, hash)
    const next = { metaHash: randomHex(), proofRoot: randomHex(), sliceCount: 7 }
    const { version } = await publishVersion(creator, { contracts, contentId, ...next })
    assert.equal(version, 2)

    const latest = await readContent(client, { contracts, contentId })
    assert.equal(latest.content.creator, getAddress(creator.account.address))
    assert.deepEqual([latest.content.kind, latest.content.status, latest.number], ['component', 'active', 2])
    assert.equal(latest.version.metaHash, next.metaHash)
    const first = await readContent(client, { contracts, contentId, version: 1 })
    assert.equal(first.version.sliceCount, 100)
    await fails(readContent(client, { contracts, contentId: randomHex() }), 'CONTENT_UNKNOWN')
    await fails(
      readContent(client, { contracts, contentId, version: 3 }),
      'CHAIN_REVERT',
      'MetaHashRegistry_VersionUnknown',
    )
  })

  it('sends a title behind the arguments, which the contract reads over and pays for by the byte', async () => {
    const sluice = await loadFixture(world)
    const { creator, client, contracts } = sluice
    const bytes = { metaHash: randomHex(), proofRoot: randomHex(), sliceCount: 7 }
    const plain = await publishContent(creator, { contracts, salt: randomHex(), ...bytes, kind: 'media' })
    const title = 'Slow light, and other forty-byte titles!'
    const titled = await publishContent(creator, { contracts, salt: randomHex(), ...bytes, kind: 'media', title })
    const more = {
      contracts,
      contentId: titled.contentId,
      metaHash: randomHex(),
      proofRoot: randomHex(),
      sliceCount: 8,
    }
    const next = await publishVersion(creator, { ...more, title })

    const suffixOf = (metaHash: Hex) => titleSuffix(title, metaHash).slice(2)
    const inputOf = async (hash: Hex) => (await client.getTransaction({ hash })).input
    assert.ok((await inputOf(titled.hash)).endsWith(suffixOf(bytes.metaHash)))
    assert.ok((await inputOf(next.hash)).endsWith(suffixOf(more.metaHash)))
    assert.equal((await readContent(client, { contracts, contentId: titled.contentId })).version.sliceCount, 8)
    // 57 bytes at 16 gas, and what a salt with other zero bytes differs by.
    assert.ok(titled.receipt.gasUsed - plain.receipt.gasUsed < 57n * 16n + 100n)
  })

  it('lists contents newest first, page by page, without splitting or losing any', async () => {
    const sluice = await loadFixture(world)
    const { client, contracts } = sluice
    const published: Hex[] = []
    for (let i = 0; i < 7; i++) published.unshift((await publishOne(sluice)).contentId)

    const listed: string[] = []
    let toBlock: bigint | undefined
    do {
      const page = await listContents(client, { contracts, limit: 2, blockRange: 3n, toBlock })
      listed.push(...page.contents.map(({ content }) => content.contentId))
      toBlock = page.nextToBlock
    } while (toBlock !== undefined)
    assert.deepEqual(listed, published)

    const wanted = [published[3], randomHex(), published[0]].filter((id): id is Hex => id !== undefined)
    const known = await readContents(client, { contracts, contentIds: wanted })
    assert.deepEqual(
      known.map(({ content }) => content.contentId),
      [published[3], published[0]],
      'in the order that was asked for, without what nobody published',
    )
  })

  it('sells, transfers and delists', async () => {
    const sluice = await loadFixture(world)
    const { creator, payer, stranger, client, contracts } = sluice
    const { contentId, editionId } = await publishAndSell(sluice)
    const holder = payer.account.address
    const hashes: string[] = []
    const onHash = (hash: string) => hashes.push(hash)
    const bought = await buyKey(payer, { contracts, editionId, quantity: 2n, maxPrice: 1000n, epoch: 1, onHash })
    assert.equal(bought.cost, 2000n)
    assert.deepEqual(hashes, [bought.hash])
    assert.deepEqual(await readKey(client, { contracts, editionId, holder }), { balance: 2n, expiresAt: 0n })
    const range = { version: 1, firstSlice: 0, lastSlice: 99 }
    assert.equal(await isEntitled(client, { contracts, contentId, holder, ...range }), true)

    const to = stranger.account.address
    await transferKey(payer, { contracts, editionId, to, quantity: 2n })
    assert.equal(await isEntitledBy(client, { contracts, editionId, holder }), false)
    assert.equal(await isEntitledBy(client, { contracts, editionId, holder: to }), true)
    const { blockNumber } = bought.receipt
    assert.equal(await isEntitledBy(client, { contracts, editionId, holder, blockNumber }), true)

    await setLockbox(creator, { contracts, editionId, epoch: 2, lockboxHash: randomHex() })
    assert.equal((await readEdition(client, { contracts, editionId })).epoch, 2)
    assert.equal((await readEditions(client, { contracts, contentId })).length, 1)
    const account = creator.account.address
    assert.equal(await readKeyCredits(client, { contracts, account, token: NATIVE }), 2000n)
    await withdrawKeyCredits(creator, { contracts, token: NATIVE })

    await setStatus(creator, { contracts, contentId, status: 'delisted' })
    await fails(
      buyKey(payer, { contracts, editionId, maxPrice: 1000n, epoch: 1 }),
      'CHAIN_REVERT',
      'ContentKeys_Delisted',
    )
  })

  it('buys in an ERC-20 by allowance and by permit', async () => {
    const sluice = await loadFixture(world)
    const { payer, token, client, contracts } = sluice
    const { editionId } = await publishAndSell(sluice, { token: token.address })
    await fails(
      buyKey(payer, { contracts, editionId, maxPrice: 1000n, epoch: 1 }),
      'CHAIN_REVERT',
      'ERC20InsufficientAllowance',
    )
    const approval = { contracts, token: token.address, spender: contracts.keys, amount: 1000n }
    assert.ok(await approveToken(payer, approval))
    assert.equal(await approveToken(payer, approval), undefined)
    await fails(buyKey(payer, { contracts, editionId, maxPrice: 1000n, epoch: 1 }), 'INSUFFICIENT_FUNDS')
    await token.write.mint([payer.account.address, 2000n])
    await buyKey(payer, { contracts, editionId, maxPrice: 1000n, epoch: 1 })
    const permit = await signPermit(sluice, contracts.keys, 1000n)
    await buyKey(payer, { contracts, editionId, maxPrice: 1000n, epoch: 1, permit })
    const { balance } = await readKey(client, { contracts, editionId, holder: payer.account.address })
    assert.equal(balance, 2n)
  })
})

describe('chain actions: escrow, sessions and channels', () => {
  it('runs a channel from deposit to refund', async () => {
    const sluice = await loadFixture(world)
    const { payer, payee, client, contracts, domain, session } = sluice
    const [owner, key] = [payer.account.address, session.publicKey]
    const expiry = await farAhead()
    const escrow = () => readEscrow(client, { contracts, payer: owner, token: NATIVE })
    await depositAndAuthorize(payer, {
      contracts,
      token: NATIVE,
      amount: 1000n,
      session: key,
      limit: 5000n,
      expiry,
    })
    await deposit(payer, { contracts, token: NATIVE, amount: 500n })
    assert.deepEqual(await escrow(), { balance: 1500n })

    const intent = await makeIntent(sluice, { amount: 600n })
    const opened = await openChannel(payee, { contracts, intent, signature: await signIntent(sluice, intent) })
    const descriptor = descriptorOf(intent)
    assert.equal(opened.channelId, channelId(domain, descriptor))
    const found = await findChannel(client, { contracts, channelId: opened.channelId })
    assert.equal(channelId(domain, found.descriptor), opened.channelId)
    const grant = await readGrant(client, { contracts, payer: owner, session: key, token: NATIVE })
    assert.deepEqual(grant, { expiry, limit: 5000n, remaining: 4400n })

    const order = { channelId: opened.channelId, newDeposit: 700n, deadline: (await now()) + 60n }
    await topUpChannel(payee, { contracts, descriptor, order, signature: await signTopUp(sluice, order) })
    const claim = await makeClaim(sluice, { channelId: opened.channelId, descriptor }, { cumulative: 250n })
    const { claimed } = await claimChannels(payee, { contracts, claims: [claim] })
    assert.deepEqual(claimed, [{ channelId: opened.channelId, claimed: 250n }])
    assert.deepEqual((await claimChannels(payee, { contracts, claims: [claim] })).claimed, [])

    await requestClose(payer, { contracts, descriptor })
    await fails(finalizeClose(payer, { contracts, descriptor }), 'CHAIN_REVERT', 'SliceChannels_CloseTooEarly')
    assert.equal((await readChannel(client, { contracts, channelId: opened.channelId })).state, 'closing')
    await networkHelpers.time.increase(3600)
    await finalizeClose(payer, { contracts, descriptor })
    assert.equal((await readChannel(client, { contracts, channelId: opened.channelId })).state, 'closed')

    await requestWithdraw(payer, { contracts, token: NATIVE, amount: 1250n })
    assert.equal((await escrow()).withdrawal?.amount, 1250n)
    await networkHelpers.time.increase(86_400)
    await withdraw(payer, { contracts, token: NATIVE })
    assert.deepEqual(await escrow(), { balance: 0n })
  })

  it('claims and closes, closes without a claim, and revokes', async () => {
    const sluice = await loadFixture(world)
    const { payer, payee, client, contracts, session } = sluice
    const key = session.publicKey
    await deposit(payer, { contracts, token: NATIVE, amount: 1000n })
    await authorize(payer, { contracts, session: key, limit: 1000n, expiry: await farAhead() })
    const open = async () => {
      const intent = await makeIntent(sluice, { amount: 300n })
      const { channelId: id } = await openChannel(payee, {
        contracts,
        intent,
        signature: await signIntent(sluice, intent),
      })
      return { channelId: id, descriptor: descriptorOf(intent) }
    }
    const [one, two] = [await open(), await open()]
    const claim = await makeClaim(sluice, one, { cumulative: 70n })
    assert.equal((await claimAndClose(payee, { contracts, claim })).paid, 70n)
    await closeChannelNow(payee, { contracts, descriptor: two.descriptor })
    await fails(
      closeChannelNow(payee, { contracts, descriptor: two.descriptor }),
      'CHAIN_REVERT',
      'SliceChannels_ChannelClosed',
    )

    await revoke(payer, { contracts, session: key })
    assert.equal(await readSessionExpiry(client, { contracts, payer: payer.account.address, session: key }), 0n)
    const intent = await makeIntent(sluice)
    const signature = await signIntent(sluice, intent)
    await fails(openChannel(payee, { contracts, intent, signature }), 'SESSION_EXPIRED')
    await fails(readChannel(client, { contracts, channelId: randomHex() }), 'CHANNEL_UNKNOWN')
    await fails(findChannel(client, { contracts, channelId: randomHex() }), 'CHANNEL_UNKNOWN')
    await fails(claimChannels(payee, { contracts, claims: [] }), 'BAD_INPUT')
  })

  it('deposits an ERC-20 by permit', async () => {
    const sluice = await loadFixture(world)
    const { payer, token, client, contracts } = sluice
    await token.write.mint([payer.account.address, 10n])
    const permit = await signPermit(sluice, contracts.channels, 10n)
    await deposit(payer, { contracts, token: token.address, amount: 10n, permit })
    const escrow = await readEscrow(client, { contracts, payer: payer.account.address, token: token.address })
    assert.equal(escrow.balance, 10n)
  })
})

describe('chain actions: what can go wrong', () => {
  it('says when the wallet cannot pay', async () => {
    const { payer, contracts } = await loadFixture(world)
    await fails(deposit(payer, { contracts, token: NATIVE, amount: 20_000n * ETHER }), 'INSUFFICIENT_FUNDS')
  })

  it('says when the chain or the contracts are others', async () => {
    const { client, contracts, payer } = await loadFixture(world)
    await checkChain(client, { chainId: 31337, contracts })
    await fails(checkChain(client, { chainId: 1 }), 'WRONG_CHAIN')
    const elsewhere = { ...contracts, channels: payer.account.address }
    await fails(checkChain(client, { chainId: 31337, contracts: elsewhere }), 'WRONG_CHAIN')
    const read = readEscrow(client, { contracts: elsewhere, payer: payer.account.address, token: NATIVE })
    await fails(read, 'WRONG_CHAIN')
  })

  it('says when the endpoint does not answer', async () => {
    const { contracts, payer } = await loadFixture(world)
    const dead = createWalletClient({
      account: payer.account,
      transport: http('http://127.0.0.1:1', { retryCount: 0 }),
    })
    await fails(deposit(dead, { contracts, token: NATIVE, amount: 1n }), 'RPC_UNREACHABLE')
    await fails(checkChain(dead, { chainId: 31337 }), 'RPC_UNREACHABLE')
  })

  it('says when the wallet’s owner declines', async () => {
    const { contracts, payer, client } = await loadFixture(world)
    const declining = createWalletClient({
      account: payer.account,
      transport: custom({
        request: async ({ method, params }) => {
          if (method === 'eth_sendTransaction') throw Object.assign(new Error('no'), { code: 4001 })
          return client.request({ method, params })
        },
      }),
    })
    await fails(deposit(declining, { contracts, token: NATIVE, amount: 1n }), 'USER_REJECTED')
  })

  it('sends nothing once it is told to stop', async () => {
    const { contracts, payer, client } = await loadFixture(world)
    const signal = AbortSignal.abort()
    await fails(deposit(payer, { contracts, token: NATIVE, amount: 1n, signal }), 'ABORTED')
    const escrow = await readEscrow(client, { contracts, payer: payer.account.address, token: NATIVE })
    assert.equal(escrow.balance, 0n)
    await fails(listContents(client, { contracts, signal }), 'ABORTED')
  })
})
