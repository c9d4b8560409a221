import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { asBytes } from '../content/bytes.ts'

/** Bytes of an X25519 public key, and of an encapsulated one. */
export const HPKE_KEY_BYTES = 32

/** Bytes that sealing adds to a message, the encapsulated key included. */
export const HPKE_OVERHEAD_BYTES = HPKE_KEY_BYTES + 16

/** Holds the private half of an ephemeral key; it never leaves WebCrypto. */
export type EphemeralKey = { readonly publicKey: Uint8Array; readonly privateKey: CryptoKey }

/** RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

export async function generateEphemeralKey(): Promise<EphemeralKey> {
  const { publicKey, privateKey } = await suite.kem.generateKeyPair()
  return { publicKey: new Uint8Array(await suite.kem.serializePublicKey(publicKey)), privateKey }
}

/** Seals to a public key: the encapsulated key, then the ciphertext. Rejects for a key that is no point. */
export async function hpkeSeal(publicKey: Uint8Array, info: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(toBuffer(publicKey))
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: toBuffer(info) }, toBuffer(message))
  const sealed = new Uint8Array(enc.byteLength + ct.byteLength)
  sealed.set(new Uint8Array(enc), 0)
  sealed.set(new Uint8Array(ct), enc.byteLength)
  return sealed
}

/** Opens what {@link hpkeSeal} made; rejects when it was not sealed to this key with this info. */
export async function hpkeOpen(key: EphemeralKey, info: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  const enc = toBuffer(sealed.subarray(0, HPKE_KEY_BYTES))
  const options = { recipientKey: key.privateKey, enc, info: toBuffer(info) }
  return new Uint8Array(await suite.open(options, toBuffer(sealed.subarray(HPKE_KEY_BYTES))))
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return asBytes(bytes.slice()).buffer
}
