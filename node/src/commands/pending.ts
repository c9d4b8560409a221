import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PreparedPublication } from '@sluice/sdk/client'
import { isSluiceError, SluiceError } from '@sluice/sdk'

const BIGINT_TAG = 'n:'

/**
 * Runs the transactions of a publication; when they fail, keeps what is needed to go on in a file of the working
 * directory and says so. The file holds no secret: everything in it is about to be public.
 */
export async function keepPending(publication: PreparedPublication, announce: () => Promise<void>): Promise<void> {
  try {
    await announce()
  } catch (error) {
    const path = resolve(`sluice-${publication.contentId.slice(2, 12)}.pending.json`)
    await writeFile(path, JSON.stringify(publication, tagBigInt, 2))
    throw withHint(error, path)
  }
}

/** Reads a kept publication back. Throws BAD_INPUT when the file is something else. */
export async function readPending(path: string): Promise<PreparedPublication> {
  try {
    return JSON.parse(await readFile(path, 'utf8'), untagBigInt) as PreparedPublication
  } catch (cause) {
    throw new SluiceError('BAD_INPUT', `${path} is not a publication that was kept.`, { cause })
  }
}

/** Forgets a kept publication once it is announced. */
export async function dropPending(path: string): Promise<void> {
  await rm(path, { force: true })
}

function withHint(error: unknown, path: string): SluiceError {
  const hint = `Everything is uploaded. Once the cause is mended, go on with: sluice publish --resume ${path}`
  if (!isSluiceError(error))
    return new SluiceError('INTERNAL', 'The publication was not announced.', { cause: error, hint })
  const { code, message, details } = error
  return new SluiceError(code, message, { cause: error, details, hint: [error.hint, hint].filter(Boolean).join(' ') })
}

function tagBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${BIGINT_TAG}${value}` : value
}

function untagBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^n:\d+$/.test(value) ? BigInt(value.slice(BIGINT_TAG.length)) : value
}
