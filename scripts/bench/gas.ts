import { bytesToHex, parseEther } from 'viem'
import type { Hex } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { network } from 'hardhat'
import {
  buyKey,
  claimChannels,
  closeChannelNow,
  createEdition,
  depositAndAuthorize,
  NATIVE_TOKEN,
  openChannel,
  publishContent,
  sliceChannelsAbi,
  TO_THE_END,
  transferKey,
} from '../../sdk/src/chain/index.ts'
import type { ChannelClaim, EditionTerms, WriteClient, WriteResult } from '../../sdk/src/chain/index.ts'
import { channelId, createTickChain, descriptorOf } from '../../sdk/src/channel/index.ts'
import { generateSession, hashOpenIntent, hashVoucher, signDigest } from '../../sdk/src/session/index.ts'
import SluiceModule from '../../ignition/modules/Sluice.ts'
import type { Bench, Measurement, Result } from './harness/measurement.ts'

const PRICE = parseEther('0.01')
const BATCH = 10
const TICKS = 256
const DAY_SECONDS = 86_400n
const TERMS: EditionTerms = {
  price: PRICE,
  token: NATIVE_TOKEN,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: TO_THE_END,
  laterVersions: false,
  duration: 0,
  royaltyBps: 500,
  referralBps: 0,
  transferable: true,
  payouts: [],
}

/** Gas of whole transactions, from their receipts, on Hardhat's chain in this process; every action is the sdk's. */
export const gas: Measurement = {
  names: [
    'gas.publish',
    'gas.createEdition',
    'gas.buy.native.first',
    'gas.buy.native.next',
    'gas.transferKey',
    'gas.depositAndAuthorize.native',
    'gas.open',
    'gas.claim.single',
    'gas.claim.perTick',
    'gas.claimBatch10.perChannel',
    'gas.close',
  ],
  async run(bench) {
    const world = await deploy(bench)
    return [...(await measureKeys(world)), ...(await measureChannels(world))]
  },
}

async function deploy(bench: Bench) {
  const connection = await network.create()
  bench.cleanup(() => connection.close())
  const { registry, keys, channels } = await connection.ignition.deploy(SluiceModule)
  const contracts = { registry: registry.address, keys: keys.address, channels: channels.address }
  const [creator, payer, payee, other] = await connection.viem.getWalletClients()
  if (!creator || !payer || !payee || !other) throw new Error('four accounts are needed')
  const domain = { chainId: await payer.getChainId(), channels: channels.address }
  const time = BigInt(await connection.networkHelpers.time.latest())
  return { contracts, creator, payer, payee, other, domain, time, session: await generateSession() }
}

type World = Awaited<ReturnType<typeof deploy>>

async function measureKeys({ contracts, creator, payer, other }: World): Promise<Result[]> {
  const version = { metaHash: randomWord(), proofRoot: randomWord(), sliceCount: 100 }
  const published = await publishContent(creator, { contracts, salt: randomWord(), ...version, kind: 'media' })
  const { contentId } = published
  const sale = { contentId, editionSalt: randomWord(), version: 1, lockboxHash: randomWord() }
  const created = await createEdition(creator, { contracts, ...sale, terms: TERMS })
  const { editionId } = created
  const buy = (buyer: WriteClient) => buyKey(buyer, { contracts, editionId, maxPrice: PRICE })
  return [
    gasOf('gas.publish', published),
    gasOf('gas.createEdition', created),
    gasOf('gas.buy.native.first', await buy(payer)),
    gasOf('gas.buy.native.next', await buy(other)),
    gasOf('gas.transferKey', await transferKey(payer, { contracts, editionId, to: creator.account.address })),
  ]
}

async function measureChannels(world: World): Promise<Result[]> {
  const { contracts, payer, payee, session, time } = world
  const amount = parseEther('1')
  const grant = { session: session.publicKey, limit: amount, expiry: time + DAY_SECONDS }
  const deposited = await depositAndAuthorize(payer, { contracts, token: NATIVE_TOKEN, amount, ...grant })
  const { opened, descriptor } = await open(world)
  const claimed = await claimOne(world, await makeClaim(world, descriptor, { cumulative: 1000n, ticks: 0 }))
  const ticked = await claimOne(world, await makeClaim(world, descriptor, { cumulative: 2000n, ticks: TICKS }))
  const closed = await closeChannelNow(payee, { contracts, descriptor })
  const claims: ChannelClaim[] = []
  while (claims.length < BATCH) {
    claims.push(await makeClaim(world, (await open(world)).descriptor, { cumulative: 1000n, ticks: 0 }))
  }
  const batch = gasOf('gas.claimBatch10.perChannel', await claimChannels(payee, { contracts, claims }))
  const single = gasOf('gas.claim.single', claimed)
  return [
    gasOf('gas.depositAndAuthorize.native', deposited),
    gasOf('gas.open', opened),
    single,
    { ...single, name: 'gas.claim.perTick', value: (gasOf('', ticked).value - single.value) / TICKS },
    { ...batch, value: batch.value / BATCH },
    gasOf('gas.close', closed),
  ]
}

/** Opens a channel as a seeder does: the session signs, the payee sends. */
async function open({ contracts, payer, payee, session, domain, time }: World) {
  const intent = {
    payer: payer.account.address,
    payee: payee.account.address,
    token: NATIVE_TOKEN,
    amount: parseEther('0.05'),
    challenge: 3600,
    session: session.publicKey,
    salt: randomWord(),
    deadline: time + 1800n,
  }
  const signature = await signDigest(session, hashOpenIntent(domain, intent))
  const opened = await openChannel(payee, { contracts, intent, signature })
  return { opened, descriptor: descriptorOf(intent) }
}

/** The contract's own entry for one claim; the sdk always sends batches. */
async function claimOne({ contracts, payee }: World, claim: ChannelClaim): Promise<Pick<WriteResult, 'receipt'>> {
  const call = { address: contracts.channels, abi: sliceChannelsAbi, functionName: 'claim', args: [claim] } as const
  return { receipt: await waitForTransactionReceipt(payee, { hash: await payee.writeContract(call) }) }
}

/** What a payee submits: a voucher, and the tick that reveals how much came on top of it. */
async function makeClaim(
  { session, domain }: World,
  descriptor: ChannelClaim['descriptor'],
  { cumulative, ticks }: { cumulative: bigint; ticks: number },
): Promise<ChannelClaim> {
  const chain = createTickChain(randomWord(), TICKS)
  const id = channelId(domain, descriptor)
  const voucher = { channelId: id, cumulative, tickRoot: chain.root, tickValue: 10n, maxTicks: TICKS }
  const signature = await signDigest(session, hashVoucher(domain, voucher))
  return { descriptor, voucher, signature, tick: chain.tick(ticks), ticks }
}

function gasOf(name: string, { receipt }: Pick<WriteResult, 'receipt'>): Result {
  return { name, value: Number(receipt.gasUsed), unit: 'gas' }
}

function randomWord(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}
