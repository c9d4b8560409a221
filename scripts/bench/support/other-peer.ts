import { requireSha256 } from './sample-file.ts'

/** What another project fetched, in how many milliseconds, and how to end it. */
type Fetched = {
  readonly milliseconds: number
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  stop(): Promise<unknown>
}

/** A process with another project, at one end or the other. */
export function peerCommands<Seeded, Settings>(
  seed: (path: string, settings: Settings) => Promise<Seeded>,
  fetch: (seeded: Seeded, settings: Settings) => Promise<Fetched>,
) {
  return {
    seed,
    /** Milliseconds of one transfer; what came is compared with the file's SHA-256 afterwards. */
    transfer: async (seeded: Seeded, settings: Settings, sha256: string): Promise<number> => {
      const { milliseconds, bytes, stop } = await fetch(seeded, settings)
      await requireSha256(bytes, sha256)
      await stop()
      return milliseconds
    },
  }
}
