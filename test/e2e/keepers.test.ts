import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { joinSwarm, readPlaintext, unlockContent } from '@sluice/sdk/client'
import type { Network } from '@sluice/sdk/client'
import {
  answerShareRequest,
  createShareRequest,
  decodeShareRequest,
  generateKeeperKey,
  hashShareRequest,
} from '@sluice/sdk/key'
import type { KeeperFailure } from '@sluice/sdk/key'
import type { Hex } from 'viem'
import { startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'
import { buyKeyTo, createVisitor, openWork } from './visitor.ts'
import type { Visitor, Work } from './visitor.ts'

type RequestShare = Network['requestShare']

const FILE_BYTES = 2 * 1024 * 1024
const THRESHOLD = 2

describe('keepers, of which two of three are needed', { timeout: 120_000 }, () => {
  let harness: Harness
  let holder: Visitor
  let work: Work
  let contentId: Hex
  let sha256: string
  let keepers: readonly string[]

  before(async () => {
    harness = await startHarness()
    sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    const creator = { node: 'creator', wallet: 'creator' } as const
    contentId = (await harness.json<{ contentId: Hex }>(['publish', 'work.bin'], creator)).contentId
    holder = await createVisitor(harness, { deposit: 10n ** 15n })
    work = await openWork(holder.reader, contentId)
    keepers = work.lockbox.deals.map(({ peerId }) => peerId)
    await buyKeyTo(holder, work)
  })
  after(() => harness.stop())

  /** Opens the work with somebody in the middle who answers for `liar`; the others answer once it was found out. */
  async function openPast(liar: string, lie: RequestShare): Promise<KeeperFailure[]> {
    const { reader, session, wallet, payerLedger, payer } = holder
    const { signal } = new AbortController()
    const failures: KeeperFailure[] = []
    const caught = Promise.withResolvers<void>()
    const network: Network = {
      ...reader.network,
      async requestShare(peerId, request, options) {
        if (peerId === liar) return lie(peerId, request, options)
        await caught.promise
        return reader.network.requestShare(peerId, request, options)
      },
    }
    const deceived = { ...reader, network }
    const onKeeperFailure = (failure: KeeperFailure) => {
      failures.push(failure)
      caught.resolve()
    }
    const consumer = { session, wallet, payerLedger }
    const { keys } = await unlockContent(deceived, consumer, work, { signal, onKeeperFailure })
    const swarm = joinSwarm(deceived, work, { mode: 'stream', signal, payer })
    const range = { first: 0, last: work.byteSize - 1, signal }
    const source = { content: work, keys, slice: (index: number) => swarm.fetchSlice(index, { signal }) }
    const chunks: Uint8Array[] = []
    for await (const chunk of readPlaintext(source, range)) chunks.push(chunk)
    await swarm.close()
    assert.deepEqual(Buffer.concat(chunks), await readFile(harness.file('work.bin')))
    return failures
  }

  /** What the keeper truly answers, for somebody in the middle to alter. */
  const truth: RequestShare = (...request) => holder.reader.network.requestShare(...request)

  const LIES: { name: string; lie: RequestShare }[] = [
    {
      name: 'alters its share',
      lie: async (...request) => {
        const answer = Uint8Array.from(await truth(...request))
        answer[answer.length - 1] = (answer.at(-1) ?? 0) ^ 1
        return answer
      },
    },
    {
      name: 'answers with what it answered another request',
      lie: async (peerId, request, options) => {
        const { session, wallet, domain } = holder
        const deal = work.lockbox.deals.find((candidate) => candidate.peerId === peerId)
        assert.ok(deal)
        const now = decodeShareRequest(request).issuedAt
        const other = await createShareRequest({ lockbox: work.lockbox, deal, wallet, session, domain, now })
        return truth(peerId, other.encoded, options)
      },
    },
    {
      name: 'seals a share made with another key than its own',
      lie: async (_peerId, request) => {
        const decoded = decodeShareRequest(request)
        const grant = hashShareRequest(holder.domain, decoded)
        return answerShareRequest(generateKeeperKey(), decoded, { grant })
      },
    },
    { name: 'answers with nonsense', lie: async () => Uint8Array.of(1, 2, 3) },
  ]

  LIES.forEach(({ name, lie }, at) => {
    it(`names a keeper that ${name}, and opens the content with the others`, async () => {
      const liar = keepers[at % keepers.length]
      assert.ok(liar)
      const failures = await openPast(liar, lie)
      assert.deepEqual(
        failures.map(({ peerId, code }) => ({ peerId, code })),
        [{ peerId: liar, code: 'SHARE_INVALID' }],
      )
    })
  })

  it('opens the content with as many keepers stopped as are not needed', async () => {
    assert.equal(work.lockbox.threshold, THRESHOLD)
    assert.equal(keepers.length, 3)
    await harness.json(['buy', contentId], { node: 'consumer', wallet: 'consumer' })
    await harness.network.node('seeder-2').stop()
    const got = await harness.json<{ sha256: string }>(['get', contentId, '-o', 'copy.bin'], {
      node: 'consumer',
      wallet: 'consumer',
    })
    assert.equal(got.sha256, sha256)
  })

  it('does not open it with one keeper fewer, and names those that do not answer', async () => {
    await harness.network.node('seeder-1').stop()
    const refusal = await harness.refusal(['get', contentId, '-o', 'closed.bin'], {
      node: 'consumer',
      wallet: 'consumer',
    })
    assert.equal(refusal.code, 'NOT_ENOUGH_SHARES')
    assert.match(refusal.message, new RegExp(`${THRESHOLD - 1} of ${THRESHOLD} shares`))
    for (const name of ['seeder-1', 'seeder-2'] as const) {
      const { peerId } = harness.network.node(name).node
      assert.match(refusal.message, new RegExp(`${peerId}: (NODE_UNREACHABLE|TIMEOUT)`))
    }
  })
})
