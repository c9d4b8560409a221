import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { generatePrivateKey } from 'viem/accounts'
import { startHarness } from './harness.ts'
import type { CliOptions, Harness } from './harness.ts'

const UNKNOWN_CONTENT = `0x${'ab'.repeat(32)}`
const UNKNOWN_CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const CREATOR: CliOptions = { node: 'creator', wallet: 'creator' }
const CONSUMER: CliOptions = { node: 'consumer', wallet: 'consumer' }

describe('bad input on the command line', { timeout: 120_000 }, () => {
  let harness: Harness

  before(async () => {
    harness = await startHarness()
    await writeFile(harness.file('small.txt'), 'a small work')
  })
  after(() => harness.stop())

  /** Runs a command as a person would and checks that it says one clear line and ends as it should. */
  async function expectFailure(args: string[], options: CliOptions, exit: number, words: RegExp): Promise<void> {
    const { code, stderr, stdout } = await harness.run(args, options)
    assert.equal(code, exit, stderr)
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /at .+:\d+:\d+/, 'no stack trace')
    assert.equal(stdout, '')
  }

  it('refuses an unknown command and a missing argument with exit code 2', async () => {
    await expectFailure(['frobnicate'], CREATOR, 2, /unknown command/)
    await expectFailure(['get', UNKNOWN_CONTENT], CONSUMER, 2, /--output/)
  })

  it('names a file that is missing', async () => {
    await expectFailure(['publish', 'nowhere.bin'], CREATOR, 1, /nowhere\.bin cannot be read/)
  })

  it('says that no daemon answers', async () => {
    const env = { SLUICE_API_URL: 'http://127.0.0.1:9', SLUICE_API_TOKEN: 'any' }
    await expectFailure(['peers'], { env }, 1, /NODE_UNREACHABLE/)
  })

  it('refuses a wrong token', async () => {
    const { apiUrl } = harness.network.node('creator').node
    const env = { SLUICE_API_URL: apiUrl, SLUICE_API_TOKEN: 'not the token' }
    await expectFailure(['peers'], { env }, 1, /UNAUTHORIZED/)
  })

  it('refuses an RPC endpoint of another chain', async () => {
    const other = await startHarnessChain()
    try {
      const options = { ...CONSUMER, env: { SLUICE_RPC_URL: other.rpcUrl } }
      await expectFailure(['buy', UNKNOWN_CONTENT], options, 1, /WRONG_CHAIN/)
    } finally {
      await other.stop()
    }
  })

  it('names an unknown content and an unknown CID', async () => {
    await expectFailure(['buy', UNKNOWN_CONTENT], CONSUMER, 1, /CONTENT_UNKNOWN/)
    await expectFailure(['get', UNKNOWN_CONTENT, '-o', 'x'], CONSUMER, 1, /CONTENT_UNKNOWN/)
    await expectFailure(['get', UNKNOWN_CID, '-o', 'x'], CONSUMER, 1, /NO_PROVIDERS/)
  })

  it('refuses what is no content id, CID or amount', async () => {
    await expectFailure(['get', 'nonsense', '-o', 'x'], CONSUMER, 1, /not a content id, a CID or a magnet link/)
    await expectFailure(['publish', 'small.txt', '--price', 'free'], CREATOR, 1, /--price must be a decimal amount/)
  })

  it('says that a wallet has not enough funds, and keeps what was uploaded', async () => {
    const env = { SLUICE_PRIVATE_KEY: generatePrivateKey() }
    const { code, stderr } = await harness.run(['publish', 'small.txt'], { node: 'creator', env })
    assert.equal(code, 1)
    assert.match(stderr, /INSUFFICIENT_FUNDS/)
    assert.match(stderr, /publish --resume .+\.pending\.json/)
  })

  it('does not overwrite a file unasked', async () => {
    await expectFailure(['get', UNKNOWN_CONTENT, '-o', 'small.txt'], CONSUMER, 1, /exists already/)
  })
})

async function startHarnessChain() {
  const { default: hre } = await import('hardhat')
  const server = await hre.network.createServer({ network: 'dev', override: { chainId: 4242 } }, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  return { rpcUrl: `http://${address}:${port}`, stop: () => server.close() }
}
