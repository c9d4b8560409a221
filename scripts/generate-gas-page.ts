/**
 * Fills the tables of docs/gas.md from the committed numbers: ours, and those of other projects. With `--check` it writes
 * nothing and exits 1 when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { prepareEnvironment } from './lib/environment.ts'

const PAGE = 'docs/gas.md'
const OURS = 'test/contracts/gas.snapshot.json'
const PEERS = 'bench/peers/results.json'

type GasTable = Readonly<Record<string, number>>

/** What is alike, ours and theirs; several names are several transactions, summed. */
const COMPARED: readonly (readonly [what: string, ours: readonly string[], peer: string, theirs: readonly string[]])[] =
  [
    ['a key bought, the first of a content', ['buy.native.first'], 'Unlock', ['unlock.purchase.first']],
    ['a key bought, later ones', ['buy.native.next'], 'Unlock', ['unlock.purchase.next']],
    ['a key bought, against a bare mint', ['buy.native.next'], 'OpenZeppelin ERC-1155', ['openzeppelin.mint']],
    ['a key given away', ['transferKey'], 'Unlock', ['unlock.transfer']],
    ['a key given away', ['transferKey'], 'OpenZeppelin ERC-1155', ['openzeppelin.transfer']],
    [
      'ready to pay the first payee, ERC-20',
      ['depositAndAuthorize.erc20', 'open.erc20'],
      'Swarm chequebook',
      ['swarm.deployChequebook', 'swarm.deposit'],
    ],
    ['a payee cashes, first time, ERC-20', ['claim.erc20.first'], 'Swarm chequebook', ['swarm.cashCheque.first']],
    ['a payee cashes, later, ERC-20', ['claim.erc20.next'], 'Swarm chequebook', ['swarm.cashCheque.next']],
    [
      'a payee cashes from ten payers, each',
      ['claimBatch10.perChannel'],
      'Swarm chequebook',
      ['swarm.cashCheque.next'],
    ],
  ]

const readTable = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as GasTable
const count = (gas: number) => gas.toLocaleString('en-US')

function sum(table: GasTable, names: readonly string[]): number {
  return names.reduce((total, name) => {
    const gas = table[name]
    if (gas === undefined) throw new Error(`nothing is called ${name}`)
    return total + gas
  }, 0)
}

function actionTable(ours: GasTable): string {
  const rows = Object.entries(ours).map(([name, gas]) => `| \`${name}\` | ${count(gas)} |`)
  return ['| action | gas |', '| --- | ---: |', ...rows].join('\n')
}

function peerTable(ours: GasTable, theirs: GasTable): string {
  const rows = COMPARED.map(([what, names, peer, peerNames]) => {
    const [own, other] = [sum(ours, names), sum(theirs, peerNames)]
    return `| ${what} | ${count(own)} | ${peer} | ${count(other)} | ${(own / other).toFixed(2)} |`
  })
  return ['| what | Sluice | peer | gas | ratio |', '| --- | ---: | --- | ---: | ---: |', ...rows].join('\n')
}

/** Replaces what stands between `<!-- name -->` and `<!-- end -->`. */
function fill(page: string, name: string, table: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`)
  if (!pattern.test(page)) throw new Error(`${PAGE} has no place for ${name}`)
  return page.replace(pattern, (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`)
}

prepareEnvironment()
const [ours, theirs] = [readTable(OURS), readTable(PEERS)]
const before = readFileSync(PAGE, 'utf8')
const filled = fill(fill(before, 'actions', actionTable(ours)), 'peers', peerTable(ours, theirs))
const page = await format(filled, { ...(await resolveConfig(PAGE)), parser: 'markdown', plugins: [] })
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, page)
} else if (page !== before) {
  console.error(`${PAGE} is stale: run npm run generate and commit what it writes`)
  process.exitCode = 1
}
