import type { Context } from 'ponder:registry'
import { network, networkDay } from '../../ponder.schema.ts'
import { fourBytes } from '../ids.ts'
import { dayOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'

const ID = '0x01'
const NO_TOTALS = {
  accounts: 0,
  contents: 0,
  versions: 0,
  editions: 0,
  purchases: 0,
  sales: 0,
  channels: 0,
  openChannels: 0,
  claims: 0,
  nodes: 0,
  views: 0,
  reactions: 0,
  comments: 0,
  follows: 0,
}
const NOTHING_TODAY = {
  newAccounts: 0,
  contents: 0,
  versions: 0,
  editions: 0,
  purchases: 0,
  sales: 0,
  channelsOpened: 0,
  channelsClosed: 0,
  claims: 0,
  newNodes: 0,
  views: 0,
  reactions: 0,
  comments: 0,
  follows: 0,
}

type Totals = Partial<typeof NO_TOTALS>
type Today = Partial<typeof NOTHING_TODAY>

/** Adds to the one row that counts everything. */
export async function countTotals({ db }: Context, counts: Totals): Promise<void> {
  await db
    .insert(network)
    .values({ id: ID, ...NO_TOTALS, ...counts })
    .onConflictDoUpdate((row) => sums<keyof Totals>(row, counts))
}

/** Adds to the row of the event's day. */
export async function countToday({ db }: Context, event: Occurrence, counts: Today): Promise<void> {
  const day = dayOf(event)
  await db
    .insert(networkDay)
    .values({ id: fourBytes(day), day, ...NOTHING_TODAY, ...counts })
    .onConflictDoUpdate((row) => sums<keyof Today>(row, counts))
}

/** Both. */
export async function count(context: Context, event: Occurrence, totals: Totals, today: Today): Promise<void> {
  await countTotals(context, totals)
  await countToday(context, event, today)
}

function sums<K extends string>(row: Readonly<Record<K, number>>, counts: Partial<Record<K, number>>) {
  const changed: Partial<Record<K, number>> = {}
  for (const name of Object.keys(counts) as K[]) changed[name] = row[name] + (counts[name] ?? 0)
  return changed
}
