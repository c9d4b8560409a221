import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import { contractsBy } from '@sluice/sdk/chain'
import { zeroAddress } from 'viem'
import { bindListener } from '../http/index.ts'
import { createRateLimiter } from '../net/index.ts'
import { createCleanup, quiet } from '../testing/peers.ts'
import { acceptExchangeSockets, createPublicApp, createStaticFiles } from './index.ts'

const cleanup = createCleanup()
let origin = ''
let port = 0
after(() => cleanup.run())

async function startListener(perMinute: number): Promise<{ origin: string; port: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-app-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  const root = join(directory, 'out')
  await mkdir(join(root, '_next/static'), { recursive: true })
  await writeFile(join(directory, 'secret.txt'), 'secret')
  await symlink(join(directory, 'secret.txt'), join(root, 'link.txt'))
  await writeFile(join(root, 'index.html'), '<p>home</p>')
  await writeFile(join(root, 'feed.html'), '<p>feed</p>')
  await writeFile(join(root, '404.html'), '<p>lost</p>')
  await writeFile(join(root, '_next/static/a.js'), '1')
  await writeFile(join(root, 'csp.json'), JSON.stringify({ pages: { 'index.html': "script-src 'sha256-abc'" } }))
  const listener = await bindListener('127.0.0.1', 0)
  cleanup.add(() => listener.close(100))
  const limiter = createRateLimiter(perMinute)
  const contracts = contractsBy(() => zeroAddress)
  const sockets = acceptExchangeSockets({ listener, limiter, maxSockets: 4, serve: () => new Promise(() => undefined) })
  cleanup.add(() => sockets.close())
  const app = createPublicApp({
    info: {
      peerId: 'p',
      chainId: 1,
      rpcUrl: 'http://127.0.0.1:8545',
      contracts,
      price: { token: zeroAddress, amount: '1' },
      version: '0',
    },
    getBlock: () => Promise.resolve(undefined),
    findBlock: () => Promise.reject(new SluiceError('NO_PROVIDERS', 'nobody')),
    async *findProviders() {
      yield { peerId: 'q', multiaddrs: [] }
    },
    findKeepers: () => Promise.resolve([]),
    requestShare: (_peerId, request) => Promise.resolve(request),
    attachStream: sockets.attachStream,
    publicReader: {
      find: () => Promise.resolve(undefined),
      reserve: () => false,
      release: () => undefined,
      read: () => Promise.resolve(undefined),
    },
    maxAnswers: 1,
    socialLimiter: createRateLimiter(60),
    isHealthy: () => true,
    files: await createStaticFiles(root),
    limiter,
    log: quiet,
  })
  listener.serve(app)
  return listener
}

/** The status line of a request whose path no client library would send. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}

describe('public listener', () => {
  before(async () => {
    const listener = await startListener(100_000)
    ;({ origin, port } = listener)
  })

  it('serves the app with the policy of its build, and routes as they were exported', async () => {
    const home = await fetch(origin)
    assert.equal(await home.text(), '<p>home</p>')
    assert.equal(home.headers.get('content-security-policy'), "script-src 'sha256-abc'")
    assert.equal(home.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(await (await fetch(`${origin}/feed`)).text(), '<p>feed</p>')
    assert.match((await fetch(`${origin}/_next/static/a.js`)).headers.get('cache-control') ?? '', /immutable/)
    const lost = await fetch(`${origin}/nowhere`)
    assert.deepEqual([lost.status, await lost.text()], [404, '<p>lost</p>'])
  })

  it('never leaves the app directory', async () => {
    const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/_next/../../secret.txt', '/link.txt']
    for (const path of [...paths, '/..\\secret.txt', '/%00', '/%ff', '//etc/passwd', '/.hidden']) {
      const answer = await rawGet(path)
      assert.match(answer, /^HTTP\/1\.1 (404|400)/, path)
      assert.ok(!answer.includes('secret\r\n') && !answer.endsWith('secret'), path)
    }
  })

  it('lets any page ask, and answers in bounded form', async () => {
    const info = await fetch(`${origin}/v1/info`, { headers: { origin: 'http://any.example' } })
    assert.equal(info.headers.get('access-control-allow-origin'), '*')
    const root = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
    assert.deepEqual(await (await fetch(`${origin}/v1/providers/${root}`)).json(), [{ peerId: 'q', multiaddrs: [] }])
    assert.equal((await fetch(`${origin}/v1/providers/nonsense`)).status, 400)
    assert.equal((await fetch(`${origin}/block/${root}`)).status, 404)
    assert.equal((await fetch(`${origin}/v1/nothing`)).status, 404)
    const body = new Uint8Array(100).fill(1)
    const share = await fetch(`${origin}/v1/key/peer`, { method: 'POST', body })
    assert.deepEqual(new Uint8Array(await share.arrayBuffer()), body)
    const tooLong = await fetch(`${origin}/v1/key/peer`, { method: 'POST', body: new Uint8Array(20_000) })
    assert.equal(tooLong.status, 413)
  })

  it('gives one network a part of the sockets, and closes on text of no meaning', async () => {
    const open = async (): Promise<WebSocket | undefined> => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/exchange`)
      const isOpen = await new Promise((resolve) => {
        socket.addEventListener('open', () => resolve(true))
        socket.addEventListener('error', () => resolve(false))
      })
      return isOpen === true ? socket : undefined
    }
    const first = await open()
    assert.ok(first)
    assert.equal(await open(), undefined)
    first.close()
    assert.match(await rawGet('/exchange'), /^HTTP\/1\.1 404/)
  })

  it('limits each network', async () => {
    const { origin: slow } = await startListener(8)
    const statuses: number[] = []
    for (let at = 0; at < 4; at += 1) statuses.push((await fetch(`${slow}/v1/info`)).status)
    assert.deepEqual(statuses, [200, 200, 429, 429])
  })
})
