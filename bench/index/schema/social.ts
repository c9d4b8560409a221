import { onchainTable } from 'ponder'

/** What is said of contents and accounts. */

export const topic = onchainTable('topic', (t) => ({
  id: t.hex().primaryKey(),
  content: t.hex(),
  reactionCount: t.integer().notNull(),
  commentCount: t.integer().notNull(),
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
