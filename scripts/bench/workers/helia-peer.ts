import { createReadStream } from 'node:fs'
import { fetchFile, seedFile } from '../../../bench/transfer/helia.ts'
import type { SeededFile } from '../../../bench/transfer/helia.ts'
import type { HeliaSettings } from '../../../bench/transfer/settings.ts'
import { answerCalls } from '../harness/answer.ts'
import { requireSha256 } from '../support/sample-file.ts'

/** A process with Helia, at one end or the other. */
const commands = {
  seed: (path: string, settings: HeliaSettings): Promise<SeededFile> => seedFile(createReadStream(path), settings),
  /** Milliseconds of one transfer; what came is compared with the file's SHA-256 afterwards. */
  transfer: async (seeded: SeededFile, settings: HeliaSettings, sha256: string): Promise<number> => {
    const { milliseconds, bytes, stop } = await fetchFile(seeded, settings)
    await requireSha256(bytes, sha256)
    await stop()
    return milliseconds
  },
}

export type HeliaPeerCommands = typeof commands

answerCalls(commands)
