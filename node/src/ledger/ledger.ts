import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Address, Hex } from 'viem'
import { acceptPayment, paidTotal } from '@sluice/sdk/channel'
import type { Descriptor, PayeeChannel, Payment } from '@sluice/sdk/channel'
import { SluiceError } from '@sluice/sdk'
import { openDatabase, transaction } from '../store/database.ts'
import { createAccountBook } from './account-book.ts'
import type { Account, AccountBook, AccountKey } from './account-book.ts'
import { readChannelRow } from './channel-row.ts'
import type { LedgerChannel } from './channel-row.ts'
import { remember } from './remember.ts'
import { readAmount, readHex, readNumber } from './row.ts'
import { LEDGER_SCHEMA } from './schema.ts'

export type Earning = {
  readonly root: string
  readonly token: Address
  readonly slices: number
  readonly earned: bigint
}

/** Earnings by root, all tokens together. */
export function earnedByRoot(earnings: readonly Earning[]): ReadonlyMap<string, bigint> {
  const totals = new Map<string, bigint>()
  for (const { root, earned } of earnings) totals.set(root, (totals.get(root) ?? 0n) + earned)
  return totals
}

export type ClaimRecord = {
  readonly channelId: Hex
  readonly amount: bigint
  readonly txHash: Hex
  readonly at: number
}

/** What the chain says of a channel. */
export type ChainStanding = {
  readonly deposit: bigint
  readonly claimed: bigint
  readonly closesAt: bigint
  readonly challenge: number
}

/** Channels in memory: four times the connections that a node serves at once. */
const MAX_KNOWN = 1024

/**
 * A node's money as a payee. Every method reads, decides and writes in one step: the calls are synchronous and one process
 * owns the file, so nothing comes between. What a method did survives the end of the process, `kill -9` included, when it
 * returns; a power cut may take the last seconds, which the next absolute payment restores.
 */
export class Ledger {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #accounts: AccountBook
  /** What was last read or written, as it is in the file: one process owns that. */
  readonly #channels = new Map<Hex, LedgerChannel>()

  constructor(path: string) {
    this.#database = openDatabase(path, LEDGER_SCHEMA)
    // One process owns the file: locks that are taken once and kept make a reservation, one a slice, twice as fast.
    this.#database.exec('PRAGMA synchronous = NORMAL; PRAGMA locking_mode = EXCLUSIVE')
    // Copying the log back waits for the disk, on the main thread: after 32 MiB instead of 4.
    this.#database.exec('PRAGMA wal_autocheckpoint = 8000')
    this.#statements = prepare(this.#database)
    this.#accounts = createAccountBook(this.#database)
  }

  /** For the payer's tables, which share the file. */
  get database(): DatabaseSync {
    return this.#database
  }

  close(): void {
    try {
      this.#accounts.settleAll()
    } finally {
      this.#database.close()
    }
  }

  /** Remembers a channel that stands on chain; what was accepted on it before stays. */
  recordOpen(channelId: Hex, descriptor: Descriptor, standing: ChainStanding): void {
    const { payer, payee, token, session, salt } = descriptor
    this.#channels.delete(channelId)
    this.#statements.open.run(
      channelId,
      ...[payer, payee, token].map((address) => address.toLowerCase()),
      ...[session.qx, session.qy, salt],
      standing.deposit.toString(),
      standing.claimed.toString(),
      Number(standing.closesAt),
      standing.challenge,
    )
  }

  /** The chain's word on a channel that is known: deposit, claimed and closing. */
  recordStanding(channelId: Hex, { deposit, claimed, closesAt }: Omit<ChainStanding, 'challenge'>): void {
    this.#channels.delete(channelId)
    this.#statements.standing.run(deposit.toString(), claimed.toString(), Number(closesAt), channelId)
  }

  /** The payer asked to close, or the channel is closed: nothing more is accepted on it. */
  recordClosing(channelId: Hex, closesAt: bigint): void {
    this.#channels.delete(channelId)
    this.#statements.closing.run(Number(closesAt), channelId)
  }

  /**
   * A claim was mined; `claimed` is the running total after it. Recording it twice changes nothing.
   * @returns what it brought beyond the claims recorded before: one that somebody else submitted counts with the next
   */
  recordClaim(channelId: Hex, { claimed, txHash, at }: { claimed: bigint; txHash: Hex; at: number }): bigint {
    this.#channels.delete(channelId)
    return transaction(this.#database, () => {
      const before = this.#statements.claimsOf.all(channelId).reduce((sum, row) => sum + readAmount(row, 'amount'), 0n)
      if (claimed <= before) return 0n
      this.#statements.claim.run(channelId, (claimed - before).toString(), txHash, at)
      this.#statements.claimed.run(claimed.toString(), channelId)
      return claimed - before
    })
  }

  channel(channelId: Hex): LedgerChannel | undefined {
    const known = this.#channels.get(channelId)
    if (known !== undefined) return known
    const row = this.#statements.channel.get(channelId)
    return row === undefined ? undefined : this.#keepChannel(readChannelRow(row))
  }

  channels(): LedgerChannel[] {
    return this.#statements.channels.all().map(readChannelRow)
  }

  /** Channels of one payer in one token, whatever their state. */
  channelsOf(payer: Address, token: Address): LedgerChannel[] {
    return this.#statements.channelsOf.all(payer.toLowerCase(), token.toLowerCase()).map(readChannelRow)
  }

  account(key: AccountKey): Account {
    return this.#accounts.get(key)
  }

  /**
   * Takes `price` on credit for one slice, before it is read; false when more than `credit` would be owed.
   * @param waiting slices that the same connection asks for after it
   */
  reserve(key: AccountKey, price: bigint, credit: bigint, waiting = 0): boolean {
    return this.#accounts.reserve(key, price, { credit, waiting })
  }

  /** Gives back what was reserved for a slice that never left. */
  release(key: AccountKey, price: bigint): void {
    this.#accounts.release(key, price)
  }

  /** A connection of the account has ended: nothing is owed for what it still asked for. */
  settle(key: AccountKey): void {
    this.#accounts.settle(key)
  }

  /**
   * Accepts a payment on a channel and counts what it adds against the account. A voucher in it was verified before.
   * @throws CHANNEL_UNKNOWN, and whatever `acceptPayment` refuses with
   */
  accept(payment: Payment, key: AccountKey): { total: bigint; added: bigint } {
    // Check: against what was accepted last; nothing comes between this and the write.
    const before = this.channel(payment.channelId)
    if (before === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel stands here.')
    const { channel, added } = acceptPayment(before, payment)
    // What is remembered is what the file holds, also where it refuses.
    this.#channels.delete(payment.channelId)
    const debt = this.#accounts.paying(key, added)
    transaction(this.#database, () => {
      // Effect: the best claim and the debt move together.
      this.#writeAccepted(before, channel)
      debt.write()
    })
    debt.keep()
    this.#keepChannel({ ...before, ...channel })
    return { total: paidTotal(channel), added }
  }

  /** Takes `bytes` from a replication grant; false when it would give more than `maxBytes`. */
  reserveGrant(digest: Hex, bytes: number, maxBytes: bigint): boolean {
    const row = this.#statements.grant.get(digest)
    const used = row === undefined ? 0 : readNumber(row, 'bytes')
    if (BigInt(used + bytes) > maxBytes) return false
    this.#statements.setGrant.run(digest, used + bytes)
    return true
  }

  releaseGrant(digest: Hex, bytes: number): void {
    const row = this.#statements.grant.get(digest)
    if (row !== undefined) this.#statements.setGrant.run(digest, Math.max(0, readNumber(row, 'bytes') - bytes))
  }

  /** What each content has brought in, by token. */
  earnings(): Earning[] {
    const totals = new Map<string, Earning>()
    for (const { root, token, paid, slices } of this.#accounts.all()) {
      const before = totals.get(`${root} ${token}`) ?? { root, token, slices: 0, earned: 0n }
      totals.set(`${root} ${token}`, { root, token, slices: before.slices + slices, earned: before.earned + paid })
    }
    return [...totals.values()]
  }

  claims(): ClaimRecord[] {
    return this.#statements.claims.all().map((row) => ({
      channelId: readHex(row, 'channel_id'),
      amount: readAmount(row, 'amount'),
      txHash: readHex(row, 'tx_hash'),
      at: readNumber(row, 'at'),
    }))
  }

  #keepChannel(channel: LedgerChannel): LedgerChannel {
    return remember(this.#channels, [channel.channelId, channel], MAX_KNOWN)
  }

  #writeAccepted(before: PayeeChannel, { channelId, accepted }: PayeeChannel): void {
    if (accepted === undefined || accepted === before.accepted) return
    const { voucher, signature, tick, ticks } = accepted
    if (voucher === before.accepted?.voucher) return void this.#statements.tick.run(tick, ticks, channelId)
    const { cumulative, tickRoot, tickValue, maxTicks } = voucher
    const promise = [cumulative.toString(), tickRoot, tickValue.toString(), maxTicks]
    this.#statements.voucher.run(...promise, signature.r, signature.s, tick, ticks, channelId)
  }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: DatabaseSync) {
  const sql = (text: string): StatementSync => database.prepare(text)
  return {
    open: sql(`INSERT INTO channels
      (channel_id, payer, payee, token, qx, qy, salt, deposit, claimed, closes_at, challenge)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET deposit = excluded.deposit, claimed = excluded.claimed, closes_at = excluded.closes_at`),
    standing: sql('UPDATE channels SET deposit = ?, claimed = ?, closes_at = ? WHERE channel_id = ?'),
    closing: sql('UPDATE channels SET closes_at = ? WHERE channel_id = ?'),
    claimed: sql('UPDATE channels SET claimed = ? WHERE channel_id = ?'),
    claim: sql('INSERT OR IGNORE INTO claims (channel_id, amount, tx_hash, at) VALUES (?, ?, ?, ?)'),
    claims: sql('SELECT * FROM claims ORDER BY id'),
    claimsOf: sql('SELECT amount FROM claims WHERE channel_id = ?'),
    channel: sql('SELECT * FROM channels WHERE channel_id = ?'),
    channels: sql('SELECT * FROM channels'),
    channelsOf: sql('SELECT * FROM channels WHERE payer = ? AND token = ?'),
    tick: sql('UPDATE channels SET tick = ?, ticks = ? WHERE channel_id = ?'),
    voucher: sql(`UPDATE channels SET cumulative = ?, tick_root = ?, tick_value = ?, max_ticks = ?, r = ?, s = ?,
      tick = ?, ticks = ? WHERE channel_id = ?`),
    grant: sql('SELECT bytes FROM grants WHERE digest = ?'),
    setGrant: sql('INSERT INTO grants (digest, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes'),
  }
}
