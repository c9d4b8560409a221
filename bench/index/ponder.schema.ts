import { onchainTable } from 'ponder'

/** The entities of `subgraph/schema.graphql` that the measured chain has rows of, under the same names and with the same ids. */

export const account = onchainTable('account', (t) => ({
  id: t.hex().primaryKey(),
  handle: t.text(),
  contentCount: t.integer().notNull(),
  followerCount: t.integer().notNull(),
  followingCount: t.integer().notNull(),
  createdAt: t.int8({ mode: 'number' }).notNull(),
}))

export const content = onchainTable('content', (t) => ({
  id: t.hex().primaryKey(),
  creator: t.hex().notNull(),
  publisher: t.hex().notNull(),
  pendingCreator: t.hex(),
  kind: t.text().notNull(),
  status: t.text().notNull(),
  salt: t.hex().notNull(),
  title: t.text(),
  versionCount: t.integer().notNull(),
  latest: t.hex().notNull(),
  publishedAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
  editionCount: t.integer().notNull(),
  keysSold: t.bigint().notNull(),
  keysResold: t.bigint().notNull(),
  viewCount: t.integer().notNull(),
  trendingScore: t.int8({ mode: 'number' }).notNull(),
  topic: t.hex().notNull(),
}))

export const version = onchainTable('version', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex().notNull(),
  number: t.integer().notNull(),
  metaHash: t.hex().notNull(),
  proofRoot: t.hex().notNull(),
  sliceCount: t.int8({ mode: 'number' }).notNull(),
  title: t.text(),
  publishedAt: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
}))

export const topic = onchainTable('topic', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex(),
  reactionCount: t.integer().notNull(),
  commentCount: t.integer().notNull(),
}))

export const edition = onchainTable('edition', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex().notNull(),
  creator: t.hex().notNull(),
  version: t.integer().notNull(),
  price: t.bigint().notNull(),
  token: t.hex().notNull(),
  maxSupply: t.bigint().notNull(),
  sold: t.bigint().notNull(),
  firstSlice: t.int8({ mode: 'number' }).notNull(),
  lastSlice: t.int8({ mode: 'number' }).notNull(),
  laterVersions: t.boolean().notNull(),
  duration: t.int8({ mode: 'number' }).notNull(),
  royaltyBps: t.integer().notNull(),
  referralBps: t.integer().notNull(),
  transferable: t.boolean().notNull(),
  payees: t.hex().array().notNull(),
  payeeBps: t.integer().array().notNull(),
  epoch: t.int8({ mode: 'number' }).notNull(),
  lockboxHash: t.hex().notNull(),
  createdAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
  holderCount: t.integer().notNull(),
}))

export const lockbox = onchainTable('lockbox', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  epoch: t.int8({ mode: 'number' }).notNull(),
  hash: t.hex().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
}))

export const keyHolding = onchainTable('key_holding', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  content: t.hex().notNull(),
  holder: t.hex().notNull(),
  balance: t.bigint().notNull(),
  expiresAt: t.int8({ mode: 'number' }).notNull(),
  acquiredAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const keyTransfer = onchainTable('key_transfer', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  from: t.hex().notNull(),
  to: t.hex().notNull(),
  quantity: t.bigint().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
}))

export const purchase = onchainTable('purchase', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  content: t.hex().notNull(),
  buyer: t.hex().notNull(),
  recipient: t.hex().notNull(),
  referrer: t.hex(),
  quantity: t.bigint().notNull(),
  token: t.hex().notNull(),
  paid: t.bigint().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
}))

export const keyApproval = onchainTable('key_approval', (t) => ({
  id: t.hex().primaryKey(),
  account: t.hex().notNull(),
  operator: t.hex().notNull(),
  approved: t.boolean().notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const listing = onchainTable('listing', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  content: t.hex().notNull(),
  seller: t.hex().notNull(),
  holding: t.hex().notNull(),
  approval: t.hex().notNull(),
  state: t.text().notNull(),
  unitPrice: t.bigint().notNull(),
  token: t.hex().notNull(),
  quantity: t.bigint().notNull(),
  expiry: t.bigint().notNull(),
  listedAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const sale = onchainTable('sale', (t) => ({
  id: t.hex().primaryKey(),
  edition: t.hex().notNull(),
  content: t.hex().notNull(),
  seller: t.hex().notNull(),
  buyer: t.hex().notNull(),
  recipient: t.hex().notNull(),
  quantity: t.bigint().notNull(),
  token: t.hex().notNull(),
  price: t.bigint().notNull(),
  creator: t.hex().notNull(),
  royalty: t.bigint().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
}))

export const credit = onchainTable('credit', (t) => ({
  id: t.hex().primaryKey(),
  source: t.text().notNull(),
  account: t.hex().notNull(),
  token: t.hex().notNull(),
  credited: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
  balance: t.bigint().notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const escrow = onchainTable('escrow', (t) => ({
  id: t.hex().primaryKey(),
  payer: t.hex().notNull(),
  token: t.hex().notNull(),
  balance: t.bigint().notNull(),
  deposited: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
  withdrawalAmount: t.bigint().notNull(),
  withdrawalAvailableAt: t.int8({ mode: 'number' }).notNull(),
  withdrawalExpiresAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const session = onchainTable('session', (t) => ({
  id: t.hex().primaryKey(),
  payer: t.hex().notNull(),
  sessionId: t.hex().notNull(),
  qx: t.hex().notNull(),
  qy: t.hex().notNull(),
  expiry: t.int8({ mode: 'number' }).notNull(),
  authorizedAt: t.int8({ mode: 'number' }).notNull(),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const allowance = onchainTable('allowance', (t) => ({
  id: t.hex().primaryKey(),
  session: t.hex().notNull(),
  token: t.hex().notNull(),
  limit: t.bigint().notNull(),
  grantedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const channel = onchainTable('channel', (t) => ({
  id: t.hex().primaryKey(),
  payer: t.hex().notNull(),
  payee: t.hex().notNull(),
  node: t.hex(),
  token: t.hex().notNull(),
  qx: t.hex().notNull(),
  qy: t.hex().notNull(),
  salt: t.hex().notNull(),
  state: t.text().notNull(),
  deposit: t.bigint().notNull(),
  claimed: t.bigint().notNull(),
  refunded: t.bigint().notNull(),
  challenge: t.integer().notNull(),
  openedAt: t.int8({ mode: 'number' }).notNull(),
  closesAt: t.int8({ mode: 'number' }),
  closedAt: t.int8({ mode: 'number' }),
  updatedAt: t.int8({ mode: 'number' }).notNull(),
}))

export const channelPrefix = onchainTable('channel_prefix', (t) => ({
  id: t.hex().primaryKey(),
  channel: t.hex().notNull(),
}))

export const claim = onchainTable('claim', (t) => ({
  id: t.hex().primaryKey(),
  channel: t.hex().notNull(),
  payer: t.hex().notNull(),
  payee: t.hex().notNull(),
  token: t.hex().notNull(),
  paid: t.bigint().notNull(),
  total: t.bigint().notNull(),
  batched: t.boolean().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
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

export const follow = onchainTable('follow', (t) => ({
  id: t.hex().primaryKey(),
  follower: t.hex().notNull(),
  target: t.hex().notNull(),
  since: t.int8({ mode: 'number' }).notNull(),
}))

export const reaction = onchainTable('reaction', (t) => ({
  id: t.hex().primaryKey(),
  account: t.hex().notNull(),
  topic: t.hex().notNull(),
  kind: t.integer().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
}))

export const reactionKind = onchainTable('reaction_kind', (t) => ({
  id: t.hex().primaryKey(),
  topic: t.hex().notNull(),
  kind: t.integer().notNull(),
  count: t.integer().notNull(),
}))

export const comment = onchainTable('comment', (t) => ({
  id: t.hex().primaryKey(),
  account: t.hex().notNull(),
  topic: t.hex().notNull(),
  parent: t.hex(),
  digest: t.hex().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
  transaction: t.hex().notNull(),
}))

export const view = onchainTable('view', (t) => ({
  id: t.hex().primaryKey(),
  account: t.hex().notNull(),
  content: t.hex().notNull(),
  edition: t.hex().notNull(),
  day: t.integer().notNull(),
  at: t.int8({ mode: 'number' }).notNull(),
}))

export const contentDay = onchainTable('content_day', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex().notNull(),
  day: t.integer().notNull(),
  views: t.integer().notNull(),
  purchases: t.integer().notNull(),
  keysSold: t.bigint().notNull(),
  keysResold: t.bigint().notNull(),
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
