import { onchainTable } from 'ponder'

/** What is sold, to whom, and sold again. */

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
