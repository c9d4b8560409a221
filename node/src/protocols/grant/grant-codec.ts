import { SluiceError } from '@sluice/sdk'
import type { SignedGrant } from '@sluice/sdk/wire'
import { amountField, addressField, textField, wordField } from '../../http/fields.ts'

export const MAX_GRANT_BYTES = 1024

const MAX_U64 = 2n ** 64n - 1n

/** JSON: small, rare, and easy to read in a log of the wire. */
export function encodeGrant({ session, signature, maxBytes, until, peerId, wallet }: SignedGrant): Uint8Array {
  const fields = { peerId, wallet, maxBytes: String(maxBytes), until: String(until), ...session, ...signature }
  return new TextEncoder().encode(JSON.stringify(fields))
}

/** Reads what a stranger sent; whether it is honoured is for the server to whom it is shown. Throws PROTOCOL_VIOLATION. */
export function decodeGrant(bytes: Uint8Array): SignedGrant {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value !== 'object' || value === null) throw new TypeError('no object')
    const fields: Readonly<Record<string, unknown>> = { ...value }
    return {
      peerId: textField(fields['peerId'], 'peerId'),
      wallet: addressField(fields['wallet'], 'wallet'),
      maxBytes: u64(fields['maxBytes'], 'maxBytes'),
      until: u64(fields['until'], 'until'),
      session: { qx: wordField(fields['qx'], 'qx'), qy: wordField(fields['qy'], 'qy') },
      signature: { r: wordField(fields['r'], 'r'), s: wordField(fields['s'], 's') },
    }
  } catch (cause) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The peer sent something else than a grant.', { cause })
  }
}

function u64(value: unknown, name: string): bigint {
  const amount = BigInt(amountField(value, name))
  if (amount <= MAX_U64) return amount
  throw new SluiceError('BAD_INPUT', `${name} is too large.`)
}
