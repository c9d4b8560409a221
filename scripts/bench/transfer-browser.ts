import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { bytesToHex } from 'viem'
import { DOMAIN } from '../../node/src/testing/exchange.ts'
import { launchBrowser } from '../../test/e2e/browser/browser.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { startWorker } from './harness/worker.ts'
import type { PageTask, PageWays } from './page/main.ts'
import { compareRates, rateOf } from './support/rates.ts'
import { TRANSFER_BYTES } from './support/transfers.ts'
import { takeTurns } from './support/turns.ts'
import { RAW_PROTOCOL } from './workers/raw-servers.ts'
import type { SeederCommands } from './workers/seeder.ts'
import { PRICE, WALLETS } from './workers/transfer-terms.ts'

const RUNS = 5
const LIMIT_MS = 900_000
const WAYS = ['buy', 'readStream'] as const
const PAGE = '<!doctype html><meta charset="utf-8"><title>bench</title><script src="main.js"></script>'

/** Chromium buys a content from a node and decrypts it, beside a bare libp2p stream in the same page. */
export const transferBrowser: Measurement = {
  names: ['transfer.browser', 'transfer.browser.libp2p'],
  limitMs: LIMIT_MS,
  async run(bench) {
    const task = await startTask(bench)
    const page = await openPage(bench)
    const times = await takeTurns(RUNS, WAYS, (way) => runInPage(page, way, task))
    const stream = { peer: 'libp2p over WebSocket with noise', times: times.readStream }
    return [
      compareRates('transfer.browser', task.leafBytes, times.buy, stream),
      rateOf('transfer.browser.libp2p', task.leafBytes, times.readStream),
    ]
  },
}

async function startTask(bench: Bench): Promise<PageTask> {
  const [wallet] = WALLETS
  const seeder = startWorker<SeederCommands>(bench, 'seeder')
  const { content, peerId, addresses, exchangeUrl } = await seeder.call(
    'start',
    await bench.directory(),
    TRANSFER_BYTES,
  )
  const webSocketAddress = addresses.find((address) => address.includes('/ws'))
  if (wallet === undefined || webSocketAddress === undefined) throw new Error('the seeder has no WebSocket')
  const { root, sliceCount, leafBytes, contentKey } = content
  return {
    peerId,
    exchangeUrl,
    webSocketAddress,
    rawProtocol: RAW_PROTOCOL,
    root,
    sliceCount,
    leafBytes,
    contentKey: bytesToHex(contentKey),
    nodes: [...content.nodes].map(([cid, node]) => [cid, bytesToHex(node)]),
    wallet,
    domain: DOMAIN,
    price: Number(PRICE),
  }
}

async function openPage(bench: Bench): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    conditions: ['browser'],
    logLevel: 'warning',
  })
  const script = outputFiles[0]?.text
  // On the loopback interface, where a page may use WebCrypto.
  const server = createServer((request, response) => {
    const isScript = request.url === '/main.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : PAGE)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  bench.cleanup(() => server.close())
  const browser = await launchBrowser()
  bench.cleanup(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}

function runInPage(page: Page, way: keyof PageWays, task: PageTask): Promise<number> {
  return page.evaluate(
    ([name, given]) => {
      const { ways } = globalThis as unknown as { ways: PageWays }
      return ways[name](given)
    },
    [way, task] as const,
  )
}
