import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { connectWebSocket } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { parse, stringify } from 'smol-toml'
import { writeCertificate } from '../../node/src/testing/certificate.ts'
import { createCleanup } from '../../node/src/testing/peers.ts'
import { hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

const FILE_BYTES = 4_000_000
const CONSUMER = { node: 'consumer', wallet: 'consumer' } as const

type Published = { contentId: string; root: string; slices: number }
type Got = { sha256: string; slices: number; paid: string; sources: { slices: number; paid: string; via: string }[] }

describe('the ways by which a node buys slices', { timeout: 120_000 }, () => {
  let harness: Harness
  let work: Published
  let sha256: string
  let tls: Awaited<ReturnType<typeof writeCertificate>>
  const cleanup = createCleanup()
  const held = new Set<FrameChannel>()

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-tls-'))
    tls = await writeCertificate(directory)
    // The nodes trust it as they would one that a public authority had signed.
    process.env['NODE_EXTRA_CA_CERTS'] = tls.certificate
    cleanup.add(() => rm(directory, { recursive: true }))
    harness = await startHarness()
    cleanup.add(() => harness.stop())
    sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    work = await harness.json<Published>(['publish', 'work.bin'], { node: 'creator', wallet: 'creator' })
    await harness.json(['buy', work.contentId], CONSUMER)
  })
  after(() => cleanup.run())
  afterEach(async () => {
    for (const channel of held) {
      held.delete(channel)
      channel.abort(new Error('not needed'))
    }
    await harness.api('consumer').removeContent(work.root)
    await rm(harness.file('copy.bin'))
  })

  /** Buys the work, checks what came of it, and returns by which ways it did. */
  async function getVia(...options: string[]): Promise<string[]> {
    const got = await harness.json<Got>(['get', work.contentId, '-o', 'copy.bin', ...options], CONSUMER)
    assert.equal(got.sha256, sha256)
    assert.equal(await hashFile(harness.file('copy.bin')), sha256)
    assert.ok(BigInt(got.paid) > 0n)
    assert.equal(
      got.sources.reduce((sum, { slices }) => sum + slices, 0),
      work.slices,
    )
    return got.sources.map(({ via }) => via)
  }

  /** Has a node start anew, with a certificate of its own. */
  async function restartWithTls(name: 'seeder-1'): Promise<void> {
    const config = join(harness.network.node(name).node.dataDir, 'sluice.toml')
    await harness.kill(name)
    const { public: listener, ...rest } = parse(await readFile(config, 'utf8'))
    const { certificate, key } = tls
    await writeFile(config, stringify({ ...rest, public: { ...Object(listener), certificate, certificate_key: key } }))
    await harness.restart(name)
  }

  /**
   * Takes all the places for WebSockets that a listener has for this address, and keeps them until the test is over.
   */
  async function fillSockets(): Promise<void> {
    while (await holdSocket()) continue
  }

  async function holdSocket(): Promise<boolean> {
    const url = new URL('/exchange', harness.network.node('creator').node.publicUrl)
    url.protocol = 'ws:'
    const channel = await connectWebSocket(url.href).catch(() => undefined)
    if (channel === undefined) return false
    held.add(channel)
    void keepSocket(channel)
    return true
  }

  /** Who says nothing is hung up on. */
  async function keepSocket(channel: FrameChannel): Promise<void> {
    try {
      for await (const _frame of channel.frames);
    } catch {
      // Broken or ended, the place is free.
    }
    if (held.delete(channel)) await holdSocket()
  }

  it('are the seeder’s WebSocket where it has one', async () => {
    assert.deepEqual(await getVia(), ['ws'])
  })

  it('are streams of libp2p alone where that is asked for', async () => {
    assert.deepEqual(await getVia('--via', 'libp2p'), ['libp2p'])
  })

  it('are streams of libp2p where the seeder takes no more WebSockets, and stay so for a while', async () => {
    await fillSockets()
    assert.ok(held.size > 0)
    assert.deepEqual(await getVia(), ['libp2p'])
  })

  it('are not tried anew at once where they failed', async () => {
    assert.deepEqual(await getVia(), ['libp2p'])
  })

  it('are a WebSocket over TLS where the seeder has a certificate', async () => {
    await restartWithTls('seeder-1')
    assert.match(harness.network.node('seeder-1').node.publicUrl, /^https:/)
    sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    const trusting = { NODE_EXTRA_CA_CERTS: tls.certificate }
    const seller = { node: 'seeder-1', wallet: 'creator', env: trusting } as const
    work = await harness.json<Published>(['publish', 'work.bin'], seller)
    await harness.json(['buy', work.contentId], CONSUMER)
    assert.deepEqual(await getVia(), ['ws'])
  })
})
