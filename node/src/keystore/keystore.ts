import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { writeFileAtomic } from './write-file-atomic.ts'

/** What a node keeps secret: its libp2p identity, its operator's wallet, its session and its keeper scalar. */
export type SecretName = 'identity' | 'operator' | 'session' | 'keeper'

/** Secrets encrypted at rest; the passphrase is used once, to open it. */
export type Keystore = {
  get(name: SecretName): Uint8Array | undefined
  /** Stores one secret durably before it resolves; replaces an earlier one of the name. */
  set(name: SecretName, secret: Uint8Array): Promise<void>
}

type Kdf = { name: 'scrypt'; cost: number; blockSize: number; parallelization: number; salt: string }
type Sealed = { nonce: string; ciphertext: string; tag: string }
type KeystoreFile = { version: 1; kdf: Kdf; check: Sealed; secrets: Partial<Record<SecretName, Sealed>> }

/** OWASP's first choice for scrypt: 128 MiB and about half a second. */
const COST = 2 ** 17
const BLOCK_SIZE = 8
const MAX_FILE_BYTES = 64 * 1024
const CIPHER = 'aes-256-gcm'
const CHECK = 'check'

/**
 * Opens the keystore file, or makes one with this passphrase where there is none.
 * @throws KEYSTORE_LOCKED for a wrong passphrase, STORE_CORRUPT for a damaged file.
 */
export async function openKeystore(
  path: string,
  passphrase: string,
  options: { readonly cost?: number } = {},
): Promise<Keystore> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await readKeystoreFile(path)
  const kdf = file?.kdf ?? newKdf(options.cost ?? COST)
  const key = await deriveKey(passphrase, kdf)
  const current = file ?? { version: 1, kdf, check: seal(key, CHECK, new Uint8Array()), secrets: {} }
  if (file !== undefined) verifyPassphrase(key, file)

  const secrets = new Map<SecretName, Uint8Array>()
  for (const [name, sealed] of Object.entries(current.secrets)) secrets.set(name as SecretName, open(key, name, sealed))
  return {
    get: (name) => secrets.get(name),
    async set(name, secret) {
      current.secrets[name] = seal(key, name, secret)
      await writeFileAtomic(path, JSON.stringify(current, null, 2), 0o600)
      secrets.set(name, secret)
    },
  }
}

function newKdf(cost: number): Kdf {
  return { name: 'scrypt', cost, blockSize: BLOCK_SIZE, parallelization: 1, salt: randomBytes(32).toString('hex') }
}

async function readKeystoreFile(path: string): Promise<KeystoreFile | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new SluiceError('STORE_CORRUPT', `The keystore ${path} cannot be read.`, { cause })
  })
  if (text === undefined) return undefined
  try {
    if (text.length > MAX_FILE_BYTES) throw new Error('it is too long')
    const file = JSON.parse(text) as KeystoreFile
    const version: number = file.version
    const { cost, blockSize, parallelization } = file.kdf
    // A planted file must not be able to ask for all of the memory.
    if (version !== 1 || cost > 2 ** 20 || blockSize !== BLOCK_SIZE || parallelization !== 1) {
      throw new Error('its parameters are unknown')
    }
    return file
  } catch (cause) {
    throw new SluiceError('STORE_CORRUPT', `The keystore ${path} is damaged.`, { cause })
  }
}

function deriveKey(passphrase: string, { cost, blockSize, parallelization, salt }: Kdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settings = { N: cost, r: blockSize, p: parallelization, maxmem: 256 * cost * blockSize }
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'hex'), 32, settings, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

function verifyPassphrase(key: Buffer, file: KeystoreFile): void {
  try {
    open(key, CHECK, file.check)
  } catch (cause) {
    throw new SluiceError('KEYSTORE_LOCKED', 'The passphrase does not open the keystore.', {
      cause,
      hint: 'Set SLUICE_PASSPHRASE or keystore.passphrase_file to the passphrase the node was made with.',
    })
  }
}

function seal(key: Buffer, name: string, secret: Uint8Array): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name))
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  const hex = (bytes: Buffer): string => bytes.toString('hex')
  return { nonce: hex(nonce), ciphertext: hex(ciphertext), tag: hex(cipher.getAuthTag()) }
}

function open(key: Buffer, name: string, { nonce, ciphertext, tag }: Sealed): Uint8Array {
  try {
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'hex'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(tag, 'hex'))
    return new Uint8Array(Buffer.concat([decipher.update(Buffer.from(ciphertext, 'hex')), decipher.final()]))
  } catch (cause) {
    throw new SluiceError('STORE_CORRUPT', `The keystore's entry "${name}" is damaged.`, { cause })
  }
}
