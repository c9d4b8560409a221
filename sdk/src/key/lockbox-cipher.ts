import { gcm } from '@noble/ciphers/webcrypto.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { KEY_BYTES } from '../content/constants.ts'
import type { Point } from './group.ts'

/** Every deal has a fresh secret, whose key seals once. */
const NONCE = new Uint8Array(12)

/** AES-256-GCM under `HKDF-SHA256(ikm S, salt L, no info)`, with L as associated data. */
export function lockboxCipher(secret: Point, label: Hex): ReturnType<typeof gcm> {
  const salt = hexToBytes(label)
  return gcm(hkdf(sha256, secret.toBytes(), salt, undefined, KEY_BYTES), NONCE, salt)
}
