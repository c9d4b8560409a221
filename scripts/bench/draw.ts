/**
 * Draws docs/performance.svg from the committed results: `node scripts/bench/draw.ts [RESULTS]`. What moved bytes in the same
 * run as a bar each, ours in colour.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Result } from './harness/measurement.ts'

const RESULTS = new URL('../../bench/results/transfer.json', import.meta.url)
const PICTURE = new URL('../../docs/performance.svg', import.meta.url)
const PREFIX = 'transfer.vs.rate.'
const TITLES: Readonly<Record<string, string>> = {
  sluice: 'Sluice over libp2p',
  'sluice-ws': 'Sluice over WebSocket',
  webtorrent: 'WebTorrent over TCP',
  helia: 'Helia bitswap',
  raw: 'raw libp2p stream',
  tls: 'node:tls',
  http: 'node:http',
}

const WIDTH = 720
const LABELS = 190
const FIGURES = 90
const ROW = 34
const BAR = 20
const TOP = 46

/** Colours for a light page, and others where the reader's is dark. */
const STYLE = `
    text { font: 14px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 }
    .other { fill: #8c959f }
    .ours { fill: #0969da }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .other { fill: #6e7681 }
      .ours { fill: #4493f8 }
    }`

type Bar = { readonly name: string; readonly rate: number }

const path = process.argv[2] ?? RESULTS
const results = JSON.parse(readFileSync(path, 'utf8')) as readonly Result[]
writeFileSync(PICTURE, draw(readBars(results)))

function readBars(all: readonly Result[]): Bar[] {
  const rates = all.filter(({ name }) => name.startsWith(PREFIX))
  if (rates.length === 0)
    throw new Error(`no ${PREFIX}* among the results: npm run bench -- --only transfer.vs --json FILE`)
  return rates
    .map(({ name, value }) => ({ name: name.slice(PREFIX.length), rate: value }))
    .toSorted((a, b) => b.rate - a.rate)
}

function draw(bars: readonly Bar[]): string {
  const height = TOP + bars.length * ROW + 10
  const most = Math.max(...bars.map(({ rate }) => rate))
  const rows = bars.map((bar, at) => drawRow(bar, TOP + at * ROW, most))
  const spoken = bars.map(({ name, rate }) => `${TITLES[name] ?? name} ${formatRate(rate)}`).join(', ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
  <title>Megabytes per second, 256 MiB between two processes: ${spoken}</title>
  <style>${STYLE}
  </style>
  <text class="title" x="0" y="20">256 MiB between two processes, MB/s</text>
${rows.join('\n')}
</svg>
`
}

function drawRow({ name, rate }: Bar, y: number, most: number): string {
  const length = Math.max(1, Math.round(((WIDTH - LABELS - FIGURES) * rate) / most))
  const kind = name.startsWith('sluice') ? 'ours' : 'other'
  return `  <text x="${LABELS - 12}" y="${y + 15}" text-anchor="end">${TITLES[name] ?? name}</text>
  <rect class="${kind}" x="${LABELS}" y="${y}" width="${length}" height="${BAR}" rx="3"/>
  <text x="${LABELS + length + 8}" y="${y + 15}">${formatRate(rate)}</text>`
}

function formatRate(rate: number): string {
  return rate < 100 ? rate.toFixed(1) : rate.toFixed(0)
}
