import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildFixture } from '../test/build-fixture.ts'
import { createFakeChain } from '../test/fake-chain.ts'
import { startFakeRpc } from '../test/rpc-server.ts'

const BIN = fileURLToPath(new URL('bin.ts', import.meta.url))
const PRELOAD = new URL('../test/end-query-thread.ts', import.meta.url).href

describe('the command', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'runner-bin-'))
  const database = join(directory, 'index.db')
  let build = ''
  before(async () => {
    build = await buildFixture()
  })
  after(() => rmSync(directory, { recursive: true }))

  async function run(from: string, rpcUrl: string, act: (pid: number) => void = () => undefined) {
    const options = ['--rpc', rpcUrl, '--database', database, '--port', '0']
    const child = spawn(process.execPath, ['--import', PRELOAD, BIN, from, ...options], { stdio: 'pipe' })
    const said = text(child.stderr)
    child.stdout.once('data', () => act(child.pid!))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, said: await said }
  }

  it('ends with 1 and says why when it has no build', async () => {
    const { code, said } = await run(directory, 'http://127.0.0.1:1')
    assert.equal(code, 1)
    assert.match(said, /^MANIFEST_INVALID: Cannot read .*has "graph build" run\?$/m)
  })

  it('ends with 0 when it is told to', async () => {
    const rpc = await startFakeRpc(createFakeChain())
    const { code, said } = await run(build, rpc.url, (pid) => process.kill(pid, 'SIGTERM'))
    assert.deepEqual([code, said], [0, ''])
    rpc.close()
  })

  it('ends with 1 and says why when nothing answers queries any more, with its store closed', async () => {
    const rpc = await startFakeRpc(createFakeChain())
    const { code, said } = await run(build, rpc.url, (pid) => process.kill(pid, 'SIGUSR2'))
    assert.equal(code, 1)
    assert.match(said, /^SERVER_FAILED: The thread that answers queries has ended\.$/m)
    assert.equal(existsSync(`${database}-wal`), false)
    rpc.close()
  })
})
