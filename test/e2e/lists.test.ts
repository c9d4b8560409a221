import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import {
  buyKey,
  isMarketApproved,
  createEdition,
  readEditions,
  readKey,
  readKeyCredits,
  readListing,
  readMarketCredits,
} from '@sluice/sdk/chain'
import type { WriteClient } from '@sluice/sdk/chain'
import { SLICE_BYTES } from '@sluice/sdk/content'
import { createWalletClient, http, numberToHex, parseEther, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { devAccount } from '../../scripts/dev-network/accounts.ts'
import { startHarness, writeRandomFile } from './harness.ts'
import type { CliOptions, Harness } from './harness.ts'

type Published = { contentId: Hex; editions: { editionId: string; price: string }[] }
type Listed = {
  contentId: Hex
  title: string | null
  price: { amount: string; token: Address } | null
  creator: Address
}
type Contents = { contents: Listed[]; next: string | null; index: { block: number; behind: number } }
type Keys = { holder: Address; keys: { editionId: string; balance: string; title: string | null }[] }
type Offers = { offers: { editionId: string; seller: Address; unitPrice: string; available: string }[] }
type Figures = { token: Address; sold: string; royalties: string; resold: string; withdrawable: string }
type Earned = { totals: Figures[]; days?: (Figures & { day: number })[] }

const PRICE = parseEther('0.002')
const RESALE = parseEther('0.01')
const CREATOR = { node: 'creator', wallet: 'creator' } as const satisfies CliOptions
const CONSUMER = { node: 'consumer', wallet: 'consumer' } as const satisfies CliOptions
const OTHER = { node: 'consumer', wallet: 'consumer-2' } as const satisfies CliOptions

describe('what the command line lists', { timeout: 480_000 }, () => {
  let harness: Harness
  let tides: Published
  let stones: Published
  let editionId: bigint

  before(async () => {
    harness = await startHarness({ index: true })
    tides = await publish('Tide tables of Brest')
    stones = await publish('Standing stones')
    editionId = BigInt(tides.editions[0]?.editionId ?? assert.fail('there is no edition'))
  })
  after(() => harness.stop())

  async function publish(title: string): Promise<Published> {
    await writeRandomFile(harness.file('work.bin'), SLICE_BYTES)
    const args = ['publish', 'work.bin', '--title', title, '--price', '0.002', '--royalty', '10']
    return harness.json<Published>(args, CREATOR)
  }

  const idsOf = ({ contents }: Contents) => contents.map(({ contentId }) => contentId)
  const contracts = () => harness.network.chain.contracts
  const walletOf = (role: 'creator' | 'consumer'): WriteClient => {
    const account = privateKeyToAccount(devAccount(role).privateKey)
    return createWalletClient({ account, chain: hardhat, transport: http(harness.network.chain.rpcUrl) })
  }
  const addressOf = (role: 'creator' | 'consumer' | 'consumer-2') => devAccount(role).address

  it('is what is on sale, newest first, with title and price, a page at a time', async () => {
    await harness.caughtUp()
    const all = await harness.json<Contents>(['feed'], CONSUMER)
    assert.deepEqual(idsOf(all), [stones.contentId, tides.contentId])
    assert.deepEqual(
      all.contents.map(({ title, price, creator }) => [title, price, creator]),
      ['Standing stones', 'Tide tables of Brest'].map((title) => [
        title,
        { amount: PRICE.toString(), token: zeroAddress },
        addressOf('creator'),
      ]),
    )
    assert.equal(all.next, null)
    const first = await harness.json<Contents>(['feed', '--first', '1'], CONSUMER)
    const second = await harness.json<Contents>(['feed', '--first', '1', '--after', first.next ?? ''], CONSUMER)
    assert.deepEqual([...idsOf(first), ...idsOf(second)], idsOf(all))
  })

  it('is what is trending, of a creator, of a kind, or of those whom the wallet follows', async () => {
    const feed = async (...args: string[]) => idsOf(await harness.json<Contents>(['feed', ...args], CONSUMER)).length
    assert.equal(await feed('--trending', '--by', addressOf('creator')), 2)
    assert.equal(await feed('--by', addressOf('consumer')), 0)
    assert.equal(await feed('--kind', 'component'), 0)
    assert.equal(await feed('--following'), 0)
    assert.equal((await harness.run(['feed', '--kind', 'song'], CONSUMER)).code, 2)
    assert.equal((await harness.refusal(['feed', '--by', '@nobody-here'], CONSUMER)).code, 'NOT_FOUND')
  })

  it('is what has the words of a search, for people too', async () => {
    assert.deepEqual(idsOf(await harness.json<Contents>(['search', 'brest', 'tid'], CONSUMER)), [tides.contentId])
    assert.deepEqual(idsOf(await harness.json<Contents>(['search', 'ebb'], CONSUMER)), [])
    const { stdout } = await harness.run(['search', 'standing'], CONSUMER)
    assert.match(stdout, new RegExp(`^${stones.contentId} .*0\\.002 ETH.*Standing stones\n$`))
  })

  it('is the keys of the wallet, as the chain has them', async () => {
    await harness.json(['buy', tides.contentId], CONSUMER)
    await harness.caughtUp()
    const { keys } = await harness.json<Keys>(['keys'], CONSUMER)
    assert.deepEqual(
      keys.map((key) => [BigInt(key.editionId), key.balance, key.title]),
      [[editionId, '1', 'Tide tables of Brest']],
    )
    assert.deepEqual((await harness.json<Keys>(['keys'], OTHER)).keys, [])
    assert.equal((await harness.json<Keys>(['keys', '--holder', addressOf('consumer')], OTHER)).keys.length, 1)
  })

  it('is what holders resell, which another wallet then buys', async () => {
    const sell = ['sell', tides.contentId, '--price', '0.01']
    assert.equal((await harness.refusal(sell, OTHER)).code, 'NOT_FOUND')
    await harness.json(sell, CONSUMER)
    await harness.caughtUp()
    const seller = addressOf('consumer')
    const { offers } = await harness.json<Offers>(['offers', tides.contentId], OTHER)
    assert.deepEqual(
      offers.map((offer) => [BigInt(offer.editionId), offer.seller, offer.unitPrice, offer.available]),
      [[editionId, seller, RESALE.toString(), '1']],
    )
    assert.deepEqual((await harness.json<Offers>(['offers', stones.contentId], OTHER)).offers, [])

    const from = ['buy', tides.contentId, '--from', seller]
    assert.equal((await harness.refusal(from, OTHER)).code, 'BAD_INPUT', 'a price that nobody agreed to')
    assert.equal((await harness.refusal([...from, '--max-price', '0.009'], OTHER)).code, 'PRICE_TOO_HIGH')
    const inToken = [...from, '--max-price', '5', '--token', contracts().keys]
    assert.equal((await harness.refusal(inToken, OTHER)).code, 'BAD_INPUT', 'another token than is asked for')
    const listed = await harness.run(['offers', tides.contentId], OTHER)
    const buy = /^ {2}sluice (buy .*)$/m.exec(listed.stdout)?.[1]?.split(' ') ?? assert.fail(listed.stdout)
    const { cost } = await harness.json<{ cost: string }>(buy, OTHER)
    assert.equal(cost, RESALE.toString())
    const { balance } = await readKey(harness.publicClient, {
      contracts: contracts(),
      editionId,
      holder: addressOf('consumer-2'),
    })
    assert.equal(balance, 1n)
    assert.equal((await harness.refusal(buy, OTHER)).code, 'NOT_FOUND')
  })

  it('is not bought where no keeper could open it, whoever sells it', async () => {
    const [creator, consumer] = [walletOf('creator'), walletOf('consumer')]
    const { terms } =
      (await readEditions(harness.publicClient, { contracts: contracts(), contentId: tides.contentId }))[0] ?? {}
    assert.ok(terms)
    const salt = numberToHex(9, { size: 32 })
    const dealt = {
      contracts: contracts(),
      contentId: tides.contentId,
      version: 1,
      lockboxHash: salt,
      editionSalt: salt,
    }
    const broken = (await createEdition(creator, { ...dealt, terms: { ...terms, price: 0n } })).editionId
    await buyKey(consumer, { contracts: contracts(), editionId: broken, maxPrice: 0n, epoch: 1 })
    await harness.json(['sell', tides.contentId, '--price', '0.001', '--edition', `${broken}`], CONSUMER)
    const buyer = { address: addressOf('consumer-2') }
    const before = await harness.publicClient.getTransactionCount(buyer)
    const refused = await harness.refusal(
      ['buy', tides.contentId, '--from', addressOf('consumer'), '--max-price', '0.001'],
      OTHER,
    )
    assert.equal(refused.code, 'NO_PROVIDERS')
    assert.equal(await harness.publicClient.getTransactionCount(buyer), before)
    await harness.json(['unsell', tides.contentId], CONSUMER)
  })

  it('is what can be taken back', async () => {
    await harness.json(['sell', tides.contentId, '--price', '0.02'], OTHER)
    const offer = { contracts: contracts(), editionId, seller: addressOf('consumer-2') }
    assert.equal((await readListing(harness.publicClient, offer))?.available, 1n)
    const again = ['sell', tides.contentId, '--price', '0.03']
    const { replaced } = await harness.json<{ replaced: { unitPrice: string } | null }>(again, OTHER)
    assert.equal(replaced?.unitPrice, parseEther('0.02').toString())
    const transfer = ['transfer', tides.contentId, addressOf('consumer')]
    assert.equal((await harness.refusal(transfer, OTHER)).code, 'BAD_INPUT', 'an offer that would outlive the key')
    await harness.json(['unsell', '--revoke'], OTHER)
    assert.equal((await readListing(harness.publicClient, offer))?.available, 0n)
    const nothing = ['sell', tides.contentId, '--price', '0.02', '--quantity', '2']
    assert.equal((await harness.refusal([...nothing, '--edition', `${editionId}`], OTHER)).code, 'NOT_FOUND')
    const holder = { contracts: contracts(), seller: offer.seller }
    assert.equal(await isMarketApproved(harness.publicClient, holder), false, 'before it is known that it can sell')
    await harness.json(['unsell', tides.contentId], OTHER)
    assert.equal(await readListing(harness.publicClient, offer), undefined)
    assert.equal((await harness.refusal(['unsell', tides.contentId], OTHER)).code, 'NOT_FOUND')
  })

  it('is what was earned, day by day, which adds up to what the chain owes', async () => {
    await harness.caughtUp()
    const account = addressOf('creator')
    const owed = { contracts: contracts(), account, token: zeroAddress }
    const [keyCredits, marketCredits] = await Promise.all([
      readKeyCredits(harness.publicClient, owed),
      readMarketCredits(harness.publicClient, owed),
    ])
    assert.deepEqual([keyCredits, marketCredits], [PRICE, RESALE / 10n])
    const { totals, days } = await harness.json<Earned>(['earnings', '--by-day'], CREATOR)
    const figures = ({ sold, royalties }: Figures) => [BigInt(sold), BigInt(royalties)]
    assert.deepEqual(totals.map(figures), [[keyCredits, marketCredits]])
    assert.equal(totals[0]?.withdrawable, (keyCredits + marketCredits).toString())
    assert.equal(
      (days ?? []).reduce((sum, day) => sum + BigInt(day.sold) + BigInt(day.royalties), 0n),
      keyCredits + marketCredits,
    )
    const seller = await harness.json<Earned>(['earnings'], CONSUMER)
    assert.equal(seller.totals[0]?.resold, (RESALE - RESALE / 10n).toString())
    assert.equal('days' in seller, false)

    const { amount } = await harness.json<{ amount: string }>(['withdraw', '--sales'], CREATOR)
    assert.equal(amount, (keyCredits + marketCredits).toString())
    assert.equal((await harness.refusal(['withdraw', '--sales'], CREATOR)).code, 'INSUFFICIENT_FUNDS')
    const after = await harness.json<Earned>(['earnings'], CREATOR)
    assert.equal(after.totals[0]?.withdrawable, '0')
  })

  it('says so where the index is behind, of another chain, or down', async () => {
    const behind = await serveIndex((data) => ({ ...data, _meta: { block: { number: 0 } } }))
    await harness.testClient.mine({ blocks: 20 })
    const env = { SLUICE_INDEX_URL: behind.url }
    const { stdout, stderr, code } = await harness.run(['feed'], { ...CONSUMER, env })
    assert.equal(code, 0)
    assert.match(stdout, /Tide tables/)
    assert.match(stderr, /^The index is \d+ blocks behind the chain: what was mined since is not listed\.$/m)
    const { index } = await harness.json<Contents>(['feed'], { ...CONSUMER, env })
    assert.ok(index.block === 0 && index.behind > 20)
    await behind.stop()
    const down = await harness.refusal(['feed'], { ...CONSUMER, env })
    assert.deepEqual([down.code, down.exit], ['INDEX_UNAVAILABLE', 1])

    const ahead = await serveIndex((data) => ({ ...data, _meta: { block: { number: 2_000_000_000 } } }))
    const other = await harness.run(['feed'], { ...CONSUMER, env: { SLUICE_INDEX_URL: ahead.url } })
    assert.match(other.stderr, /Is it of another chain\?/)
    await ahead.stop()
  })

  it('lists nothing that the chain does not have, whatever the index says, and pays no price of its', async () => {
    const unknown = numberToHex(7, { size: 32 })
    const row = (id: Hex) => ({ id, publishedAt: '1', trendingScore: '1' })
    const seller = { id: addressOf('consumer-2').toLowerCase() }
    const offer = { seller, unitPrice: '1', token: { id: zeroAddress }, quantity: '9', expiry: '99999999999' }
    const edition = { id: numberToHex(editionId, { size: 32 }) }
    const liar = await serveIndex(() => ({
      _meta: { block: { number: 5 } },
      contents: [row(unknown), row(stones.contentId)],
      keyHoldings: [
        { id: '0x01', edition: { id: unknown }, acquiredAt: '5' },
        { id: '0x02', edition, acquiredAt: '5' },
      ],
      listings: [
        { id: '0x01', edition: { id: unknown }, ...offer },
        { id: '0x02', edition, ...offer },
      ],
    }))
    const options = { ...CONSUMER, env: { SLUICE_INDEX_URL: liar.url } }
    assert.deepEqual(idsOf(await harness.json<Contents>(['feed'], options)), [stones.contentId])
    assert.deepEqual((await harness.json<Keys>(['keys'], options)).keys, [], 'its key was sold')
    assert.deepEqual((await harness.json<Offers>(['offers', tides.contentId], options)).offers, [])
    await harness.json(['sell', tides.contentId, '--price', '0.03'], OTHER)
    const { offers } = await harness.json<Offers>(['offers', tides.contentId], options)
    assert.deepEqual(
      offers.map(({ unitPrice, available }) => [unitPrice, available]),
      [[parseEther('0.03').toString(), '1']],
    )
    const { cost } = await harness.json<{ cost: string }>(
      ['buy', tides.contentId, '--from', offers[0]?.seller ?? '', '--max-price', '0.03'],
      options,
    )
    assert.equal(cost, parseEther('0.03').toString())
    await liar.stop()
  })

  /** An index of the test's own: what the dev network's says to every question, changed. */
  async function serveIndex(change: (data: object) => object) {
    const server = createServer((request, response) => {
      void (async () => {
        const body: Buffer[] = []
        for await (const chunk of request) body.push(chunk as Buffer)
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(harness.network.indexUrl ?? '', {
          method: 'POST',
          headers,
          body: Buffer.concat(body),
        })
        const { data } = (await answer.json()) as { data: object }
        response.writeHead(200, headers).end(JSON.stringify({ data: change(data) }))
      })()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections())
    return { url: `http://127.0.0.1:${port}/`, stop }
  }
})

describe('lists where no index is named', { timeout: 120_000 }, () => {
  it('are refused, with what to do', async () => {
    const harness = await startHarness()
    try {
      for (const command of [['feed'], ['search', 'a'], ['keys'], ['earnings']]) {
        const refused = await harness.run([...command, '--json'], CONSUMER)
        assert.equal(refused.code, 1)
        assert.match(refused.stdout, /"INDEX_UNAVAILABLE".*index_url/)
      }
      const { stdout } = await harness.run(['doctor'], CONSUMER)
      assert.match(stdout, /ok {4}index +none is named/)
    } finally {
      await harness.stop()
    }
  })
})
