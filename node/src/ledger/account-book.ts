import type { DatabaseSync } from 'node:sqlite'
import type { Address } from 'viem'
import { remember } from './remember.ts'
import { readAmount, readHex, readNumber, readText } from './row.ts'
import type { Row } from './row.ts'

/** Who owes for what: a wallet, for one content, in one token. */
export type AccountKey = { readonly wallet: Address; readonly root: string; readonly token: Address }

/** Totals of one account, base units of its token. */
export type Account = { readonly owed: bigint; readonly paid: bigint; readonly slices: number }

export type AccountRow = Account & Pick<AccountKey, 'root' | 'token'>

/** Slices that the file may have owed before they are reserved: what a message asks for, and one transaction instead of eight. */
const MAX_AHEAD = 7
/** Accounts in memory, and those besides of which the file is ahead: of the connections that last. */
const MAX_KNOWN = 1024

const NO_ACCOUNT: Account = { owed: 0n, paid: 0n, slices: 0 }

/** An account as it is, and the slices that the file has owed besides. */
type Entry = { readonly account: Account; readonly ahead: { readonly slices: number; readonly price: bigint } }

const NOTHING_AHEAD: Entry['ahead'] = { slices: 0, price: 0n }

/**
 * The accounts of a ledger. One process owns the file, so what was read or written last is answered from memory. Where more
 * slices of a request wait, their price is owed in the file with the first one's, never above the credit: killed, this process
 * finds at most seven slices owed that it did not send, all of them asked for, and those a payer whose connection broke counts
 * as owed too. What `get` answers, and what credit is given by, is what was reserved.
 */
export type AccountBook = {
  get(key: AccountKey): Account
  /** All accounts, as they are. */
  all(): AccountRow[]
  /** Takes `price` of `credit` for one slice; false when more would be owed. `waiting` more are asked for after it. */
  reserve(key: AccountKey, price: bigint, options: { readonly credit: bigint; readonly waiting: number }): boolean
  release(key: AccountKey, price: bigint): void
  /** A payment's two halves: what it changes in the file, inside a transaction, and then in memory. */
  paying(key: AccountKey, added: bigint): { write(): void; keep(): void }
  /** Has the file owe no more than was reserved: the connection has ended. */
  settle(key: AccountKey): void
  settleAll(): void
}

export function createAccountBook(database: DatabaseSync): AccountBook {
  const { read, readAll, write } = openAccounts(database)
  const known = new Map<string, Entry & { readonly key: AccountKey }>()

  const find = (key: AccountKey): Entry => {
    const entry = known.get(nameOf(key))
    return entry ?? keep(key, { account: read(key), ahead: NOTHING_AHEAD })
  }
  const keep = (key: AccountKey, entry: Entry): Entry =>
    remember(known, [nameOf(key), { key, ...entry }], MAX_KNOWN, ({ ahead }) => ahead.slices === 0)
  const set = (key: AccountKey, entry: Entry): void => {
    write(key, entry)
    keep(key, entry)
  }
  const settle = (key: AccountKey): void => {
    const { account, ahead } = find(key)
    if (ahead.slices > 0) set(key, { account, ahead: NOTHING_AHEAD })
  }

  return {
    get: (key) => find(key).account,
    all: () => readAll().map(({ key, account }) => ({ ...key, ...(known.get(nameOf(key))?.account ?? account) })),
    reserve: (key, price, { credit, waiting }) => {
      const { account, ahead } = find(key)
      const next = { ...account, owed: account.owed + price, slices: account.slices + 1 }
      const left = credit - (next.owed - next.paid)
      if (left < 0n) return false
      const isWritten = ahead.slices > 0 && ahead.price === price
      if (isWritten) keep(key, { account: next, ahead: { price, slices: ahead.slices - 1 } })
      else set(key, { account: next, ahead: { price, slices: Math.min(waiting, MAX_AHEAD, affordable(left, price)) } })
      return true
    },
    release: (key, price) => {
      const { owed, paid, slices } = find(key).account
      set(key, { account: { owed: owed - price, paid, slices: slices - 1 }, ahead: NOTHING_AHEAD })
    },
    paying: (key, added) => {
      const { account, ahead } = find(key)
      const entry = { account: { ...account, paid: account.paid + added }, ahead }
      return { write: () => write(key, entry), keep: () => void keep(key, entry) }
    },
    settle,
    settleAll: () => {
      for (const { key } of [...known.values()]) settle(key)
    },
  }
}

/** The accounts in the file. */
function openAccounts(database: DatabaseSync) {
  const select = database.prepare('SELECT owed, paid, slices FROM accounts WHERE wallet = ? AND root = ? AND token = ?')
  const selectAll = database.prepare('SELECT * FROM accounts')
  const put = database.prepare(`INSERT INTO accounts (wallet, root, token, owed, paid, slices) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET owed = excluded.owed, paid = excluded.paid, slices = excluded.slices`)
  return {
    read: (key: AccountKey): Account => {
      const row = select.get(...columns(key))
      return row === undefined ? NO_ACCOUNT : readAccount(row)
    },
    readAll: () => selectAll.all().map((row) => ({ key: readKey(row), account: readAccount(row) })),
    write: (key: AccountKey, { account: { owed, paid, slices }, ahead }: Entry): void => {
      const owedAhead = owed + BigInt(ahead.slices) * ahead.price
      put.run(...columns(key), owedAhead.toString(), paid.toString(), slices + ahead.slices)
    },
  }
}

function affordable(left: bigint, price: bigint): number {
  return price === 0n ? MAX_AHEAD : Number(left / price)
}

function columns({ wallet, root, token }: AccountKey): [string, string, string] {
  return [wallet.toLowerCase(), root, token.toLowerCase()]
}

function nameOf(key: AccountKey): string {
  return columns(key).join(' ')
}

function readKey(row: Row): AccountKey {
  return { wallet: readHex(row, 'wallet'), root: readText(row, 'root'), token: readHex(row, 'token') }
}

function readAccount(row: Row): Account {
  return { owed: readAmount(row, 'owed'), paid: readAmount(row, 'paid'), slices: readNumber(row, 'slices') }
}
