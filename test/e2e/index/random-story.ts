import * as chain from '../../../sdk/src/chain/index.ts'
import { descriptorOf } from '../../../sdk/src/channel/index.ts'
import { isSluiceError } from '../../../sdk/src/errors.ts'
import type { ErrorCode } from '../../../sdk/src/errors.ts'
import { createRandom } from '../../../scripts/lib/random.ts'
import { buy, claimAll, NATIVE, open, promise, publish, publishVersion, randomHex, sell, topUp } from './actions.ts'
import { now, pass } from './world.ts'
import type { World } from './world.ts'

const DAY = 86_400

type Deed = () => Promise<unknown>

/**
 * Does `count` things in an order that the seed decides, whatever the wallets happen to have; what the contracts refuse
 * is not done. Resolves to how many were.
 */
export async function playAtRandom(world: World, seed: number, count: number): Promise<number> {
  const random = createRandom(seed)
  const below = (bound: number) => Math.floor(random() * bound)
  const pick = <item>(items: readonly item[]): item => items[below(items.length)]!
  let done = 0
  for (let i = 0; i < count; i++) {
    const deeds = [
      ...contentDeeds(world, pick, below),
      ...paymentDeeds(world, pick),
      ...socialDeeds(world, pick, below),
    ]
    if (await succeeds(pick(deeds))) done += 1
  }
  return done
}

/** What the contracts say to a deed that does not fit; anything else fails the test. */
const REFUSALS: readonly ErrorCode[] = [
  'BAD_INPUT',
  'CHAIN_REVERT',
  'CHANNEL_CLOSING',
  'INSUFFICIENT_FUNDS',
  'NOT_ENTITLED',
  'NOT_FOUND',
  'PRICE_TOO_HIGH',
  'SESSION_EXPIRED',
  'VOUCHER_ABOVE_DEPOSIT',
]

/** A refusal is found by simulating, so that nothing of it reaches the chain. */
async function succeeds(deed: Deed): Promise<boolean> {
  try {
    await deed()
    return true
  } catch (error) {
    if (isSluiceError(error) && REFUSALS.includes(error.code)) return false
    throw error
  }
}

type Pick = <item>(items: readonly item[]) => item

function contentDeeds(world: World, pick: Pick, below: (bound: number) => number): Deed[] {
  const { contracts, traces, wallets } = world
  const [edition, wallet, other] = [pick(traces.editions), pick(wallets), pick(wallets)]
  const quantity = BigInt(1 + below(3))
  return [
    () => publish(world, pick(wallets.slice(0, 2)), `Work ${below(1000)}`),
    () => publishVersion(world, pick(traces.contents).contentId),
    () => sell(world, pick(traces.contents), { price: BigInt(below(5)) * 3_333n, maxSupply: BigInt(below(2) * 9) }),
    () => buy(world, wallet, edition, { quantity, recipient: other.address, referrer: pick(wallets).address }),
    () => buy(world, wallet, edition, { quantity }),
    () => chain.transferKey(wallet.client, { contracts, editionId: edition.editionId, to: other.address, quantity }),
    () => chain.approveMarket(wallet.client, { contracts, approved: below(4) > 0 }),
    async () => {
      const listing = {
        editionId: edition.editionId,
        quantity,
        unitPrice: 5_001n,
        expiry: (await now(world)) + 86_400n,
      }
      await chain.listKey(wallet.client, { contracts, ...listing })
    },
    () => chain.cancelListing(wallet.client, { contracts, editionId: edition.editionId }),
    () => {
      const sale = { seller: other.address, token: NATIVE, maxPrice: 5_001n, epoch: edition.epoch }
      return chain.buyListedKey(wallet.client, { contracts, editionId: edition.editionId, ...sale })
    },
    () => chain.withdrawKeyCredits(wallet.client, { contracts, token: NATIVE }),
    () => chain.withdrawMarketCredits(wallet.client, { contracts, token: NATIVE }),
  ]
}

function paymentDeeds(world: World, pick: Pick): Deed[] {
  const { contracts, traces, wallets } = world
  const [payer, payee, channel] = [pick(wallets.slice(0, 3)), pick(wallets.slice(3)), pick(traces.channels)]
  const descriptor = descriptorOf(channel.intent)
  return [
    () => open(world, payer, payee),
    () => topUp(world, channel, channel.intent.amount + 5_000n),
    () => claimAll(world, payee, traces.channels.filter((known) => known.payee === payee).slice(-5)),
    async () => chain.claimAndClose(channel.payee.client, { contracts, claim: await promise(world, channel, 60_000n) }),
    () => chain.requestClose(channel.payer.client, { contracts, descriptor }),
    async () => {
      await pass(world, DAY / 3)
      await chain.finalizeClose(channel.payer.client, { contracts, descriptor })
    },
    () => chain.requestWithdraw(payer.client, { contracts, token: NATIVE, amount: 10_000n }),
    () => chain.withdraw(payer.client, { contracts, token: NATIVE }),
  ]
}

function socialDeeds(world: World, pick: Pick, below: (bound: number) => number): Deed[] {
  const { contracts, traces, wallets } = world
  const [wallet, target, { contentId }] = [pick(wallets), pick(wallets).address, pick(traces.contents)]
  const viewed = pick(traces.editions)
  return [
    () => chain.setHandle(wallet.client, { contracts, handle: pick(['', 'ana', 'bo-b', 'the_third', 'four4']) }),
    () => chain.follow(wallet.client, { contracts, target }),
    () => chain.unfollow(wallet.client, { contracts, target }),
    () => chain.react(wallet.client, { contracts, contentId, reaction: below(3) }),
    () => chain.comment(wallet.client, { contracts, contentId, digest: randomHex() }),
    () => chain.viewContent(wallet.client, { contracts, contentId: viewed.contentId, editionId: viewed.editionId }),
  ]
}
