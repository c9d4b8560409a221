import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { coverRange } from '@sluice/sdk/content'
import {
  collectShares,
  createShareRequest,
  dealLockbox,
  decodeShareResponse,
  generateKeeperKey,
  lockboxHashOf,
  openLockbox,
  verifyKeeperKey,
  verifyLockbox,
} from '@sluice/sdk/key'
import type { VerifiedLockbox } from '@sluice/sdk/key'
import { generateSession, sessionId } from '@sluice/sdk/session'
import type { Address, Hex } from 'viem'
import { createCleanup, quiet, startHost } from '../../testing/peers.ts'
import type { Host } from '../../net/host.ts'
import { createKeyService, KEY_PROTOCOL, requestShare, serveKeys } from './index.ts'
import type { KeyService, KeyServiceLimits } from './index.ts'

const NOW = 1_800_000_000
const HOLDER: Address = '0x00000000000000000000000000000000000000AA'
const STRANGER: Address = '0x00000000000000000000000000000000000000bb'
const CONTENT_KEYS: Address = '0x00000000000000000000000000000000000000C1'
const DOMAIN = { chainId: 31337, channels: '0x00000000000000000000000000000000000000c2' } as const
const EDITION = 7n
const RANGE = { sliceCount: 4, firstSlice: 0, lastSlice: 3 }
const PAYLOAD = { cover: coverRange(new Uint8Array(32).fill(5), 4, 0, 3), plaintextDigest: new Uint8Array(32) }

const cleanup = createCleanup()
afterEach(() => cleanup.run())
const session = await generateSession()

/** The facts that a keeper reads from the chain, as the test sets them. */
class Facts {
  readonly holders = new Set<Address>([HOLDER])
  expiry = BigInt(NOW + 1000)
  reads = 0
  broken = false
  readonly isEntitledBy = async (editionId: bigint, wallet: Address): Promise<boolean> => {
    this.reads += 1
    if (this.broken) throw new Error('connection refused')
    return editionId === EDITION && this.holders.has(wallet)
  }
  readonly sessionExpiry = async (wallet: Address, key: { qx: Hex; qy: Hex }): Promise<bigint> =>
    wallet === HOLDER && sessionId(key) === sessionId(session.publicKey) ? this.expiry : 0n
}

type Keeper = { service: KeyService; host: Host; facts: Facts }

async function startKeeper(limits: Partial<KeyServiceLimits> = {}, clock = { now: NOW }): Promise<Keeper> {
  const [host, facts] = [await startHost(cleanup), new Facts()]
  const service = createKeyService({
    keeperKey: generateKeeperKey(),
    peerId: host.peerId.toString(),
    domain: DOMAIN,
    contentKeys: CONTENT_KEYS,
    chain: facts,
    limits,
    log: quiet,
    now: () => clock.now,
  })
  await serveKeys({ host, service, log: quiet })
  return { service, host, facts }
}

async function deal(keepers: readonly Keeper[], threshold: number): Promise<VerifiedLockbox> {
  const context = {
    chainId: DOMAIN.chainId,
    contentKeys: CONTENT_KEYS,
    contentId: `0x${'01'.repeat(32)}`,
    version: 1,
    editionId: EDITION,
    epoch: 1,
    rootDigest: `0x${'02'.repeat(32)}`,
  } as const
  const infos = keepers.map(({ service }) => service.info())
  const encoded = await dealLockbox({ context, keepers: infos, threshold, payload: PAYLOAD })
  return verifyLockbox(encoded, { context, lockboxHash: lockboxHashOf(encoded) })
}

/** Asks the only keeper of a lockbox; the code of its refusal, or `granted`. */
async function ask(keeper: Keeper, options: { wallet?: Address; now?: number; own?: boolean } = {}): Promise<string> {
  const { wallet = HOLDER, now = NOW } = options
  const lockbox = await deal([keeper], 1)
  const [first] = lockbox.deals
  assert.ok(first)
  const speaker = options.own === true ? await generateSession() : session
  const pending = await createShareRequest({ lockbox, deal: first, wallet, session: speaker, domain: DOMAIN, now })
  return outcome(await keeper.service.answer(pending.encoded, { caller: 'test' }))
}

function outcome(response: Uint8Array): string {
  const decoded = decodeShareResponse(response)
  return 'refusal' in decoded ? decoded.refusal : 'granted'
}

const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

describe('key protocol', () => {
  it('opens a lockbox over libp2p with two of three keepers, one of them gone', async () => {
    const keepers = [await startKeeper(), await startKeeper(), await startKeeper()]
    const client = await startHost(cleanup)
    for (const { host } of keepers) await client.dial(host.getMultiaddrs())
    const lockbox = await deal(keepers, 2)
    await keepers[0]?.host.unhandle(KEY_PROTOCOL)
    const peers = new Map(keepers.map(({ host }) => [host.peerId.toString(), host.peerId]))
    const shares = await collectShares({
      lockbox,
      wallet: HOLDER,
      session,
      domain: DOMAIN,
      now: () => NOW,
      requestShare: (peerId, request, options) => {
        const peer = peers.get(peerId)
        assert.ok(peer)
        return requestShare(client, peer, request, options)
      },
    })
    assert.deepEqual(await openLockbox(lockbox, shares, RANGE), PAYLOAD)
  })

  it('resets a request that is too long', async () => {
    const { host } = await startKeeper()
    const client = await startHost(cleanup)
    await client.dial(host.getMultiaddrs())
    const options = { signal: AbortSignal.timeout(5000) }
    await assert.rejects(requestShare(client, host.peerId, new Uint8Array(5000), options), refusal('NODE_UNREACHABLE'))
  })
})

describe('key service', () => {
  it('announces a key that it proves to have', async () => {
    const { service } = await startKeeper()
    const { proof, ...keeper } = service.info()
    assert.equal(verifyKeeperKey({ ...keeper, chainId: DOMAIN.chainId, contentKeys: CONTENT_KEYS }, proof), true)
  })

  it('reads the chain for every request: a key that was sold on opens no more', async () => {
    const keeper = await startKeeper()
    assert.equal(await ask(keeper), 'granted')
    keeper.facts.holders.delete(HOLDER)
    assert.equal(await ask(keeper), 'NOT_ENTITLED')
    keeper.facts.holders.add(HOLDER)
    keeper.facts.expiry = BigInt(NOW)
    assert.equal(await ask(keeper), 'SESSION_EXPIRED')
    assert.equal(keeper.facts.reads, 3)
  })

  it('refuses sessions that the wallet did not authorise', async () => {
    const keeper = await startKeeper()
    keeper.facts.holders.add(STRANGER)
    assert.equal(await ask(keeper, { own: true }), 'SESSION_FOREIGN')
    assert.equal(await ask(keeper, { wallet: STRANGER }), 'SESSION_FOREIGN')
  })

  it('refuses junk, a false clock and a request that was answered before, without asking the chain', async () => {
    const keeper = await startKeeper({ clockSkew: 60 })
    assert.equal(outcome(await keeper.service.answer(new Uint8Array(9), { caller: 'test' })), 'BAD_INPUT')
    assert.equal(await ask(keeper, { now: NOW - 61 }), 'REQUEST_STALE')
    assert.equal(await ask(keeper, { now: NOW + 61 }), 'REQUEST_STALE')
    assert.equal(keeper.facts.reads, 0)
    const lockbox = await deal([keeper], 1)
    const [first] = lockbox.deals
    assert.ok(first)
    const options = { lockbox, deal: first, wallet: HOLDER, session, domain: DOMAIN, now: NOW }
    const { encoded } = await createShareRequest(options)
    assert.equal(outcome(await keeper.service.answer(encoded, { caller: 'test' })), 'granted')
    assert.equal(outcome(await keeper.service.answer(encoded, { caller: 'test' })), 'REQUEST_STALE')
  })

  it('limits openings of one edition by one holder within an hour', async () => {
    const clock = { now: NOW }
    const keeper = await startKeeper({ openingsPerHour: 2 }, clock)
    keeper.facts.expiry = BigInt(NOW + 10_000)
    assert.equal(await ask(keeper), 'granted')
    assert.equal(await ask(keeper), 'granted')
    assert.equal(await ask(keeper), 'RATE_LIMITED')
    clock.now = NOW + 3600
    assert.equal(await ask(keeper, { now: clock.now }), 'granted')
  })

  it('limits requests of one caller, and requests at once', async () => {
    const limited = await startKeeper({ requestsPerMinute: 4 })
    assert.equal(await ask(limited), 'granted')
    assert.equal(await ask(limited), 'RATE_LIMITED')
    const busy = await startKeeper({ concurrency: 1 })
    const answers = await Promise.all([ask(busy), ask(busy)])
    assert.deepEqual(answers.toSorted(), ['RATE_LIMITED', 'granted'])
  })

  it('gives no share when the chain cannot be read', async () => {
    const keeper = await startKeeper()
    keeper.facts.broken = true
    assert.equal(await ask(keeper), 'INTERNAL')
  })
})
