import { onchainTable } from 'ponder'

/** Who publishes what. */

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

export const contentDay = onchainTable('content_day', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex().notNull(),
  day: t.integer().notNull(),
  views: t.integer().notNull(),
  purchases: t.integer().notNull(),
  keysSold: t.bigint().notNull(),
  keysResold: t.bigint().notNull(),
}))
