import { readContent, readHeldKeys } from '@sluice/sdk/chain'
import type { HeldKey } from '@sluice/sdk/chain'
import type { Command } from 'commander'
import type { Address, Hex } from 'viem'
import { askIndex, readPaging, showPage, withPages } from './ask-index.ts'
import type { PageOptions } from './ask-index.ts'
import type { Context } from './context.ts'
import { readManifest, titleOr, waitForTitles } from './describe-contents.ts'
import { formatTime, parseAddress } from './format.ts'
import { withNode } from './run.ts'

type KeysOptions = PageOptions & { holder?: string }
type ListedKey = {
  readonly editionId: bigint
  readonly contentId: Hex
  readonly version: number
  readonly balance: bigint
  /** Unix seconds until which a timed key runs; zero for others. */
  readonly expiresAt: bigint
  readonly title: string | null
}

export function registerKeys(program: Command, signal: AbortSignal): void {
  const keys = program
    .command('keys')
    .description('List the keys of this wallet; where to look says the index, what is held the chain')
    .option('--holder <address>', 'of another wallet')
  withPages(keys).action(withNode(signal, run))
}

async function run(context: Context, options: KeysOptions): Promise<void> {
  const paging = readPaging(options)
  const { contracts, signal } = context
  const holder = await holderOf(context, options.holder)
  const { answer, index } = await askIndex(context, (reader) => reader.keyHoldings({ holder, signal, ...paging }))
  const editionIds = answer.rows.map(({ editionId }) => editionId)
  const held = await readHeldKeys(await context.publicClient(), { contracts, holder, editionIds })
  const titles = waitForTitles(context)
  const keys = await Promise.all(held.map((key) => describeKey(context, key, titles)))
  const command = options.holder === undefined ? 'keys' : `keys --holder ${options.holder}`
  const shown = { fields: { holder, keys }, lines: keys.map(keyLine), none: `${holder} holds no key here.` }
  showPage(context.output, { ...shown, command, first: options.first, cursor: answer.cursor, index })
}

async function holderOf(context: Context, named: string | undefined): Promise<Address> {
  return named === undefined ? (await context.wallet()).account.address : parseAddress(named, '--holder')
}

async function describeKey(context: Context, { edition, balance, expiresAt }: HeldKey, signal: AbortSignal) {
  const { editionId, contentId, version } = edition
  const { contracts } = context
  const record = await readContent(await context.publicClient(), { contracts, contentId, version })
  const manifest = await readManifest(context, record.version.metaHash, signal)
  return { editionId, contentId, version, balance, expiresAt, title: manifest?.title ?? null } satisfies ListedKey
}

function keyLine({ contentId, balance, expiresAt, title }: ListedKey): string {
  return [contentId, validity(balance, expiresAt).padEnd(30), titleOr(title)].join('  ')
}

function validity(balance: bigint, expiresAt: bigint): string {
  if (expiresAt === 0n) return balance === 1n ? '1 key' : `${balance} keys`
  const over = Number(expiresAt) * 1000 < Date.now()
  return `${over ? 'ended' : 'until'} ${formatTime(expiresAt)}`
}
