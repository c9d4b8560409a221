import { onchainTable } from 'ponder'

/** Money that waits, and money that moves slice by slice. */

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
