import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SluiceError } from '@sluice/sdk'

/** The path to write to. Throws BAD_INPUT for a file that is there already, unless forced. */
export async function checkTarget({ output, force }: { output: string; force?: boolean }): Promise<string> {
  const path = resolve(output)
  const existing = await stat(path).catch(() => undefined)
  if (existing !== undefined && force !== true) {
    throw new SluiceError('BAD_INPUT', `${path} exists already.`, { hint: 'Name another file, or add --force.' })
  }
  await mkdir(dirname(path), { recursive: true })
  return path
}

/** Writes the body beside the target and puts it in place when it is whole. Returns its sha-256, hex. */
export async function save(response: Response, path: string, onBytes?: (bytes: number) => void): Promise<string> {
  const partial = `${path}.part`
  const hash = createHash('sha256')
  try {
    await pipeline(
      Readable.from(bodyOf(response)),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          onBytes?.(chunk.length)
          yield chunk
        }
      },
      createWriteStream(partial),
    )
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return hash.digest('hex')
}

async function* bodyOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body
}
