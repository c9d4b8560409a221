import assert from 'node:assert/strict'
import { toHex } from 'viem'
import type { Address, Hex } from 'viem'
import * as chain from '../../../sdk/src/chain/index.ts'
import { NATIVE } from './actions.ts'
import type { World } from './world.ts'

/** Asks the index; the answer's `data`. Throws for an answer with errors. */
export type Ask = <data>(query: string) => Promise<data>

type Row = Readonly<Record<string, string | number | boolean | null>>
type Reference = { readonly id: Hex }

/** As the index names an edition. */
export const editionKey = (editionId: bigint): Hex => toHex(editionId, { size: 32 })
/** A number of a row; zero where there is none. */
const amountOf = (row: Row | undefined, name: string): bigint => BigInt(row?.[name] ?? 0)
/** As the index names what an edition and a wallet have to do with each other. */
const pairOf = (editionId: bigint, wallet: Address) => `${editionKey(editionId)}${wallet.slice(2).toLowerCase()}`
const sum = (values: readonly string[]): bigint => values.reduce((total, value) => total + BigInt(value), 0n)

/** Compares every state that both the index and the contracts keep, at the block that is the chain's and the index's last. */
export async function compareBooks(world: World, ask: Ask): Promise<void> {
  await compareContents(world, ask)
  await compareKeys(world, ask)
  await compareListings(world, ask)
  await compareCredits(world, ask)
  await compareChannels(world, ask)
  await compareEscrows(world, ask)
  await compareSocial(world, ask)
  await compareSums(world, ask)
}

async function compareContents({ publicClient, contracts, traces }: World, ask: Ask): Promise<void> {
  const { contents } = await ask<{ contents: (Row & { latest: Row; creator: Reference; versions: Row[] })[] }>(
    `{ contents(first: 1000, orderBy: id) {
         id status versionCount creator { id } latest { number metaHash sliceCount } versions { number } } }`,
  )
  assert.equal(contents.length, traces.contents.length)
  for (const row of contents) {
    const { content, version, number } = await chain.readContent(publicClient, {
      contracts,
      contentId: row['id'] as Hex,
    })
    assert.equal(row.creator.id, content.creator.toLowerCase())
    assert.equal(row['status'], content.status.toUpperCase())
    assert.deepEqual([row['versionCount'], row.versions.length, row.latest['number']], [number, number, number])
    assert.deepEqual([row.latest['metaHash'], row.latest['sliceCount']], [version.metaHash, `${version.sliceCount}`])
  }
}

/** Editions, and every wallet's balance of each, zeroes included. */
async function compareKeys({ publicClient, contracts, traces, wallets }: World, ask: Ask): Promise<void> {
  const { editions, keyHoldings } = await ask<{ editions: Row[]; keyHoldings: Row[] }>(
    `{ editions(first: 1000) { id price sold maxSupply epoch lockboxHash holderCount }
       keyHoldings(first: 1000) { id balance expiresAt } }`,
  )
  assert.equal(editions.length, traces.editions.length)
  const held = new Map(keyHoldings.map((row) => [row['id'], row]))
  for (const row of editions) {
    const editionId = BigInt(row['id'] as Hex)
    const { terms, ...edition } = await chain.readEdition(publicClient, { contracts, editionId })
    const expected = [terms.price, edition.sold, terms.maxSupply, edition.epoch].map(String)
    assert.deepEqual([row['price'], row['sold'], row['maxSupply'], row['epoch']], expected)
    assert.equal(row['lockboxHash'], edition.lockboxHash)
    let holders = 0
    for (const { address } of wallets) {
      const key = await chain.readKey(publicClient, { contracts, editionId, holder: address })
      const found = held.get(pairOf(editionId, address))
      assert.equal(amountOf(found, 'balance'), key.balance)
      assert.equal(amountOf(found, 'expiresAt'), key.expiresAt)
      if (key.balance > 0n) holders += 1
    }
    assert.equal(row['holderCount'], holders)
  }
}

async function compareListings({ publicClient, contracts, traces, wallets }: World, ask: Ask): Promise<void> {
  const { listings } = await ask<{
    listings: (Row & { approval: { approved: boolean }; holding: { balance: string } })[]
  }>(`{ listings(first: 1000) { id state quantity unitPrice expiry approval { approved } holding { balance } } }`)
  const rows = new Map(listings.map((row) => [row['id'], row]))
  const { timestamp } = await publicClient.getBlock()
  for (const { editionId } of traces.editions) {
    for (const { address } of wallets) {
      const listing = await chain.readListing(publicClient, { contracts, editionId, seller: address })
      const row = rows.get(pairOf(editionId, address))
      assert.equal(amountOf(row, 'quantity'), listing?.quantity ?? 0n)
      assert.equal(row?.['state'] === 'OPEN', listing !== undefined)
      if (row === undefined || listing === undefined) continue
      assert.deepEqual([row['unitPrice'], row['expiry']], [`${listing.unitPrice}`, `${listing.expiry}`])
      const sells = row.approval.approved && timestamp < listing.expiry
      assert.equal(sells ? least(amountOf(row.holding, 'balance'), listing.quantity) : 0n, listing.available)
    }
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

async function compareCredits({ publicClient, contracts, wallets }: World, ask: Ask): Promise<void> {
  const { credits } = await ask<{ credits: (Row & { account: Reference })[] }>(
    `{ credits(first: 1000) { source balance account { id } } }`,
  )
  const reads = { CONTENT_KEYS: chain.readKeyCredits, KEY_MARKET: chain.readMarketCredits }
  for (const [source, read] of Object.entries(reads)) {
    for (const { address } of wallets) {
      const row = credits.find((each) => each['source'] === source && each.account.id === address.toLowerCase())
      const credit = await read(publicClient, { contracts, account: address, token: NATIVE })
      assert.equal(amountOf(row, 'balance'), credit, `${source} owes ${address}`)
    }
  }
}

async function compareChannels({ publicClient, contracts, traces }: World, ask: Ask): Promise<void> {
  const { channels } = await ask<{ channels: (Row & { claims: { paid: string }[] })[] }>(
    `{ channels(first: 1000) { id state deposit claimed refunded challenge claims(first: 1000) { paid } } }`,
  )
  assert.equal(channels.length, traces.channels.length)
  for (const row of channels) {
    const channel = await chain.readChannel(publicClient, { contracts, channelId: row['id'] as Hex })
    assert.deepEqual(
      [row['state'], row['deposit'], row['claimed'], row['challenge']],
      [channel.state.toUpperCase(), `${channel.deposit}`, `${channel.claimed}`, channel.challenge],
    )
    assert.equal(sum(row.claims.map(({ paid }) => paid)), channel.claimed)
    const refunded = channel.state === 'closed' ? channel.deposit - channel.claimed : 0n
    assert.equal(row['refunded'], `${refunded}`)
  }
}

async function compareEscrows({ publicClient, contracts, wallets }: World, ask: Ask): Promise<void> {
  const { escrows } = await ask<{ escrows: (Row & { payer: Reference })[] }>(
    `{ escrows(first: 1000) { balance payer { id } } }`,
  )
  for (const { address } of wallets) {
    const { balance } = await chain.readEscrow(publicClient, { contracts, payer: address, token: NATIVE })
    const row = escrows.find(({ payer }) => payer.id === address.toLowerCase())
    assert.equal(amountOf(row, 'balance'), balance)
  }
}

async function compareSocial(world: World, ask: Ask): Promise<void> {
  const { accounts, follows } = await ask<Record<'accounts' | 'follows', Row[]>>(
    `{ accounts(first: 1000) { id handle followerCount followingCount } follows(first: 1000) { id } }`,
  )
  const indexed = new Set(follows.map((row) => row['id']))
  for (const { address } of world.wallets) {
    const row = accounts.find((each) => each['id'] === address.toLowerCase())
    const handle = await chain.readHandle(world.publicClient, { contracts: world.contracts, wallet: address })
    assert.equal(row?.['handle'] ?? '', handle)
    const followed = await filterWallets(world, (other) => isFollowing(world, address, other))
    const followers = await filterWallets(world, (other) => isFollowing(world, other, address))
    assert.deepEqual(
      [amountOf(row, 'followingCount'), amountOf(row, 'followerCount')],
      [BigInt(followed.length), BigInt(followers.length)],
    )
    for (const other of followed) assert.ok(indexed.has(`${address}${other.slice(2)}`.toLowerCase()))
  }
  assert.equal(
    indexed.size,
    accounts.reduce((total, row) => total + Number(row['followerCount']), 0),
  )
  await compareReactions(world, ask)
}

function isFollowing({ publicClient, contracts }: World, wallet: Address, target: Address): Promise<boolean> {
  return chain.isFollowing(publicClient, { contracts, wallet, target })
}

async function filterWallets({ wallets }: World, holds: (wallet: Address) => Promise<boolean>): Promise<Address[]> {
  const addresses = wallets.map(({ address }) => address)
  const answers = await Promise.all(addresses.map(holds))
  return addresses.filter((_, index) => answers[index])
}

async function compareReactions({ publicClient, contracts, traces, wallets }: World, ask: Ask): Promise<void> {
  const { reactions, topics } = await ask<Record<'reactions' | 'topics', Row[]>>(
    `{ reactions(first: 1000) { id kind } topics(first: 1000) { id reactionCount } }`,
  )
  for (const { contentId } of traces.contents) {
    let count = 0
    for (const { address } of wallets) {
      const reaction = await chain.readReaction(publicClient, { contracts, wallet: address, contentId })
      const row = reactions.find((each) => each['id'] === `${address.toLowerCase()}${contentId.slice(2)}`)
      assert.equal(row?.['kind'] ?? 0, reaction)
      count += Math.sign(reaction)
    }
    const topic = topics.find((each) => each['id'] === contentId)
    assert.equal(amountOf(topic, 'reactionCount'), BigInt(count))
  }
}

/** What is counted by day, by account and by token is the sum of what it counts, and what the contracts hold. */
async function compareSums({ publicClient, contracts }: World, ask: Ask): Promise<void> {
  type Data = {
    purchases: { paid: string }[]
    sales: { price: string; royalty: string }[]
    claims: { paid: string }[]
    earningsTotals: (Row & { days: Row[] })[]
    credits: { source: string; withdrawn: string }[]
    escrows: { balance: string }[]
    channels: Record<'deposit' | 'claimed' | 'refunded', string>[]
    token: Record<(typeof MONEY)[number], string> & { days: Record<(typeof MONEY)[number], string>[] }
  }
  const data = await ask<Data>(`{
    purchases(first: 1000) { paid } sales(first: 1000) { price royalty } claims(first: 1000) { paid }
    earningsTotals(first: 1000) { ${EARNED.join(' ')} days(first: 1000) { ${EARNED.join(' ')} } }
    credits(first: 1000) { source withdrawn } escrows(first: 1000) { balance }
    channels(first: 1000) { deposit claimed refunded }
    token(id: "${NATIVE}") { ${MONEY.join(' ')} days(first: 1000) { ${MONEY.join(' ')} } } }`)
  const paidForKeys = sum(data.purchases.map(({ paid }) => paid))
  const paidForResales = sum(data.sales.map(({ price }) => price))
  const claimed = sum(data.claims.map(({ paid }) => paid))
  const royalties = sum(data.sales.map(({ royalty }) => royalty))
  const { token } = data
  assert.deepEqual([token.paidForKeys, token.paidForResales, token.royalties, token.claimed].map(BigInt), [
    paidForKeys,
    paidForResales,
    royalties,
    claimed,
  ])
  for (const name of MONEY) assert.equal(sum(token.days.map((day) => day[name])), BigInt(token[name]), name)
  for (const row of data.earningsTotals) {
    for (const name of EARNED) assert.equal(sum(row.days.map((day) => `${day[name]}`)), BigInt(`${row[name]}`), name)
  }
  const earned = (...names: readonly string[]) =>
    sum(data.earningsTotals.flatMap((row) => names.map((name) => `${row[name]}`)))
  assert.deepEqual([earned('claimed'), earned('sold', 'referred')], [claimed, paidForKeys])
  assert.deepEqual([earned('royalties'), earned('royalties', 'resold')], [royalties, paidForResales])

  const withdrawn = (source: string) =>
    sum(data.credits.flatMap((row) => (row.source === source ? [row.withdrawn] : [])))
  const balance = (address: Address) => publicClient.getBalance({ address })
  assert.equal(await balance(contracts.keys), paidForKeys - withdrawn('CONTENT_KEYS'))
  assert.equal(await balance(contracts.market), paidForResales - withdrawn('KEY_MARKET'))
  const locked = data.channels.map((row) => `${BigInt(row.deposit) - BigInt(row.claimed) - BigInt(row.refunded)}`)
  assert.equal(await balance(contracts.channels), sum(locked) + sum(data.escrows.map((row) => row.balance)))
}

const MONEY = ['paidForKeys', 'paidForResales', 'royalties', 'claimed', 'deposited', 'withdrawn'] as const
const EARNED = ['claimed', 'claimCount', 'sold', 'referred', 'royalties', 'resold'] as const
