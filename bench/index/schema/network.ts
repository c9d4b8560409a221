import { onchainTable } from 'ponder'

/** What is counted of nodes, tokens and all. */

export const node = onchainTable('node', (t) => ({
  id: t.hex().primaryKey(),
  owner: t.hex().notNull(),
  peerId: t.hex().notNull(),
  endpoint: t.text().notNull(),
  certificate: t.hex().notNull(),
  roles: t.integer().notNull(),
  isSeeder: t.boolean().notNull(),
  isKeeper: t.boolean().notNull(),
  isBootstrap: t.boolean().notNull(),
  isRelay: t.boolean().notNull(),
  registeredAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
  keeperKeyCount: t.integer().notNull(),
  keeperKey: t.hex(),
  stake: t.bigint().notNull(),
  leaving: t.bigint().notNull(),
  stakeAvailableAt: t.int8({ mode: 'number' }).notNull(),
  stakeExpiresAt: t.int8({ mode: 'number' }).notNull(),
}))

export const earningsTotal = onchainTable('earnings_total', (t) => ({
  id: t.hex().primaryKey(),
  account: t.hex().notNull(),
  node: t.hex(),
  token: t.hex().notNull(),
  claimed: t.bigint().notNull(),
  claimCount: t.integer().notNull(),
  sold: t.bigint().notNull(),
  referred: t.bigint().notNull(),
  royalties: t.bigint().notNull(),
  resold: t.bigint().notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const earningsDay = onchainTable('earnings_day', (t) => ({
  id: t.hex().primaryKey(),
  total: t.hex().notNull(),
  account: t.hex().notNull(),
  node: t.hex(),
  token: t.hex().notNull(),
  day: t.integer().notNull(),
  claimed: t.bigint().notNull(),
  claimCount: t.integer().notNull(),
  sold: t.bigint().notNull(),
  referred: t.bigint().notNull(),
  royalties: t.bigint().notNull(),
  resold: t.bigint().notNull(),
}))

export const token = onchainTable('token', (t) => ({
  id: t.hex().primaryKey(),
  paidForKeys: t.bigint().notNull(),
  paidForResales: t.bigint().notNull(),
  royalties: t.bigint().notNull(),
  claimed: t.bigint().notNull(),
  deposited: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
}))

export const tokenDay = onchainTable('token_day', (t) => ({
  id: t.hex().primaryKey(),
  token: t.hex().notNull(),
  day: t.integer().notNull(),
  paidForKeys: t.bigint().notNull(),
  paidForResales: t.bigint().notNull(),
  royalties: t.bigint().notNull(),
  claimed: t.bigint().notNull(),
  deposited: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
}))

export const network = onchainTable('network', (t) => ({
  id: t.hex().primaryKey(),
  accounts: t.integer().notNull(),
  contents: t.integer().notNull(),
  versions: t.integer().notNull(),
  editions: t.integer().notNull(),
  purchases: t.integer().notNull(),
  sales: t.integer().notNull(),
  channels: t.integer().notNull(),
  openChannels: t.integer().notNull(),
  claims: t.integer().notNull(),
  nodes: t.integer().notNull(),
  views: t.integer().notNull(),
  reactions: t.integer().notNull(),
  comments: t.integer().notNull(),
  follows: t.integer().notNull(),
}))

export const networkDay = onchainTable('network_day', (t) => ({
  id: t.hex().primaryKey(),
  day: t.integer().notNull(),
  newAccounts: t.integer().notNull(),
  contents: t.integer().notNull(),
  versions: t.integer().notNull(),
  editions: t.integer().notNull(),
  purchases: t.integer().notNull(),
  sales: t.integer().notNull(),
  channelsOpened: t.integer().notNull(),
  channelsClosed: t.integer().notNull(),
  claims: t.integer().notNull(),
  newNodes: t.integer().notNull(),
  views: t.integer().notNull(),
  reactions: t.integer().notNull(),
  comments: t.integer().notNull(),
  follows: t.integer().notNull(),
}))
