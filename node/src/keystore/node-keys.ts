import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { SluiceError } from '@sluice/sdk'
import { generateSession, sessionFromKeyPair } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { Keystore } from './keystore.ts'

/** Who a node is: to peers, to the chain, and as a wallet's speaker. */
export type NodeKeys = {
  /** Ed25519; its public half is the peer id. */
  readonly identity: PrivateKey
  /** secp256k1; is paid for slices and pays for gas. */
  readonly operator: PrivateKeyAccount
  /** P-256; its grants on chain let it speak for a wallet. */
  readonly session: Session
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** The node's keys, made where they are missing; `operatorKey` becomes the wallet of a keystore that has none. */
export async function loadNodeKeys(keystore: Keystore, operatorKey?: Hex): Promise<NodeKeys> {
  return {
    identity: await loadIdentity(keystore),
    operator: await loadOperator(keystore, operatorKey),
    session: await loadSession(keystore),
  }
}

/** The keeper's secret scalar, 32 bytes, made by `create` on first use. */
export async function loadKeeperSecret(keystore: Keystore, create: () => Uint8Array): Promise<Uint8Array> {
  return loadOrCreate(keystore, 'keeper', async () => create())
}

async function loadIdentity(keystore: Keystore): Promise<PrivateKey> {
  const create = async (): Promise<Uint8Array> => privateKeyToProtobuf(await generateKeyPair('Ed25519'))
  return privateKeyFromProtobuf(await loadOrCreate(keystore, 'identity', create))
}

async function loadOperator(keystore: Keystore, operatorKey: Hex | undefined): Promise<PrivateKeyAccount> {
  const create = async (): Promise<Uint8Array> => hexToBytes(operatorKey ?? generatePrivateKey())
  const operator = privateKeyToAccount(bytesToHex(await loadOrCreate(keystore, 'operator', create)))
  if (operatorKey !== undefined && privateKeyToAccount(operatorKey).address !== operator.address) {
    throw new SluiceError('BAD_INPUT', 'The keystore already holds another operator wallet than the one given.', {
      hint: 'Leave SLUICE_OPERATOR_KEY out, or use another data directory.',
      details: { keystore: operator.address },
    })
  }
  return operator
}

async function loadSession(keystore: Keystore): Promise<Session> {
  const stored = keystore.get('session')
  if (stored === undefined) {
    const session = await generateSession({ extractable: true })
    await keystore.set('session', new Uint8Array(await crypto.subtle.exportKey('pkcs8', session.privateKey)))
    return session
  }
  // Read back as not extractable: from here on only the keystore can give it away.
  const privateKey = await crypto.subtle.importKey('pkcs8', copy(stored), P256, false, ['sign'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey(
    'jwk',
    await crypto.subtle.importKey('pkcs8', copy(stored), P256, true, ['sign']),
  )
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new SluiceError('STORE_CORRUPT', 'The session in the keystore is not a P-256 key.')
  }
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, P256, true, ['verify'])
  return sessionFromKeyPair({ privateKey, publicKey })
}

async function loadOrCreate(
  keystore: Keystore,
  name: 'identity' | 'operator' | 'keeper',
  create: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const stored = keystore.get(name)
  if (stored !== undefined) return stored
  const secret = await create()
  await keystore.set(name, secret)
  return secret
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
