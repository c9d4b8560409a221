import { bytesToHex } from 'viem'
import type { Address, Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

/** The mnemonic that every Ethereum development chain funds. Its keys are public: worth nothing anywhere else. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk'

/** Who is who on the dev network; the place in the list is the account's index, the deployer has index 0. */
const ROLES = ['deployer', 'creator', 'seeder-1', 'seeder-2', 'consumer', 'consumer-2'] as const

export type Role = (typeof ROLES)[number]
export type DevAccount = { readonly role: Role; readonly address: Address; readonly privateKey: Hex }

/** The accounts that were asked for: deriving one takes some 17 ms. */
const derived = new Map<Role, DevAccount>()

/** The funded account of a role. */
export function devAccount(role: Role): DevAccount {
  const account = derived.get(role) ?? deriveAccount(role)
  derived.set(role, account)
  return account
}

function deriveAccount(role: Role): DevAccount {
  const account = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: ROLES.indexOf(role) })
  const { privateKey } = account.getHdKey()
  if (!privateKey) throw new Error(`the development mnemonic gives no key for ${role}`)
  return { role, address: account.address, privateKey: bytesToHex(privateKey) }
}
