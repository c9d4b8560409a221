import { encodeAbiParameters, keccak256 } from 'viem'
import type { Address, Hex } from 'viem'
import type { OpenIntent, SessionDomain, SessionPublicKey } from '../session/index.ts'

/** What identifies a channel; see `ISliceChannels.Descriptor`. */
export type Descriptor = {
  readonly payer: Address
  readonly payee: Address
  /** The zero address is the native coin. */
  readonly token: Address
  readonly session: SessionPublicKey
  readonly salt: Hex
}

const DESCRIPTOR_ABI = [
  { type: 'uint256' },
  { type: 'address' },
  { type: 'address' },
  { type: 'address' },
  { type: 'address' },
  { type: 'bytes32' },
  { type: 'bytes32' },
  { type: 'bytes32' },
] as const

/** `keccak256(abi.encode(chainId, contract, payer, payee, token, qx, qy, salt))`. */
export function channelId({ chainId, channels }: SessionDomain, descriptor: Descriptor): Hex {
  const { payer, payee, token, session, salt } = descriptor
  return keccak256(
    encodeAbiParameters(DESCRIPTOR_ABI, [BigInt(chainId), channels, payer, payee, token, session.qx, session.qy, salt]),
  )
}

/** The descriptor of the channel that an intent opens. */
export function descriptorOf({ payer, payee, token, session, salt }: OpenIntent): Descriptor {
  return { payer, payee, token, session, salt }
}

/** Whether two hex values are the same number of bytes with the same content, whatever their case. */
export function sameHex(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

export function sameSession(a: SessionPublicKey, b: SessionPublicKey): boolean {
  return sameHex(a.qx, b.qx) && sameHex(a.qy, b.qy)
}
