import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import type { Sluice } from '../fixture.ts'

/** Gas of whole transactions, base included, by the name of what the user does. */
export type GasTable = Record<string, number>

/** A transaction on its way, as contracts' `write` and the sdk's actions give it. */
export type Sent = Promise<Hex | { readonly hash: Hex }>

export type Meter = {
  /** Takes the transaction's gas; with `share`, what falls to each of so many equal parts. */
  record(name: string, sent: Sent, share?: number): Promise<void>
  readonly table: GasTable
}

const WORD = 32
const SELECTOR = 4
/** What EIP-2028 makes a byte of calldata cost less when it is zero. */
const ZERO_BYTE_DISCOUNT = 12

export function createMeter(client: Sluice['client']): Meter {
  const table: GasTable = {}
  return {
    table,
    async record(name, sent, share = 1) {
      if (name in table) throw new Error(`${name} is measured twice`)
      const answer = await sent
      const hash = typeof answer === 'string' ? answer : answer.hash
      const { gasUsed, status } = await client.getTransactionReceipt({ hash })
      if (status !== 'success') throw new Error(`${name} reverted`)
      const { input } = await client.getTransaction({ hash })
      table[name] = Math.ceil((Number(gasUsed) + luckOf(input)) / share)
    },
  }
}

/**
 * What a call saved by zero bytes in its hashes, coordinates and addresses. They are as good as random, and one byte in 256
 * is zero: with what was saved added, the same call costs the same on every run, and no run costs more.
 */
export function luckOf(input: Hex): number {
  const data = hexToBytes(input).subarray(SELECTOR)
  let zeroes = 0
  for (let at = 0; at < data.length; at += WORD) zeroes += luckyZeroes(data.subarray(at, at + WORD))
  return zeroes * ZERO_BYTE_DISCOUNT
}

function luckyZeroes(word: Uint8Array): number {
  const used = word.filter((byte) => byte !== 0).length
  // A whole random word has more than 24 such bytes all but surely; an address fills 20 of its 32.
  if (used > 24) return word.length - used
  const address = word.subarray(12)
  const isAddress = used > 14 && word.subarray(0, 12).every((byte) => byte === 0)
  return isAddress ? address.length - used : 0
}
