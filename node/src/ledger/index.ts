export type { Account, AccountKey } from './account-book.ts'
export type { LedgerChannel } from './channel-row.ts'
export * from './ledger.ts'
export { createPayerLedger } from './payer-ledger.ts'
