import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { writeFileAtomic } from '../keystore/index.ts'

const MIN_LENGTH = 32

/** The admin token in the file, made with mode 0600 where there is none. Throws BAD_INPUT for one that is too short. */
export async function loadToken(path: string): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(() => undefined)
  if (existing === undefined) {
    const token = randomBytes(32).toString('base64url')
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFileAtomic(path, `${token}\n`, 0o600)
    return token
  }
  const token = existing.trim()
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= MIN_LENGTH) return token
  throw new SluiceError('BAD_INPUT', `The token in ${path} must be ${MIN_LENGTH} or more printable characters.`, {
    hint: 'Delete the file and the node makes a new one.',
  })
}
