import { fetchTorrent, seedTorrent } from '../../../bench/transfer/webtorrent.ts'
import type { TorrentSettings } from '../../../bench/transfer/settings.ts'
import type { SeededTorrent } from '../../../bench/transfer/webtorrent.ts'
import { answerCalls } from '../harness/answer.ts'
import { requireSha256 } from '../support/sample-file.ts'

/** A process with WebTorrent, at one end or the other. */
const commands = {
  seed: (path: string, settings: TorrentSettings): Promise<SeededTorrent> => seedTorrent(path, settings),
  /** Milliseconds of one transfer; what came is compared with the file's SHA-256 afterwards. */
  transfer: async (seeded: SeededTorrent, settings: TorrentSettings, sha256: string): Promise<number> => {
    const { milliseconds, bytes, stop } = await fetchTorrent(seeded, settings)
    await requireSha256(bytes, sha256)
    await stop()
    return milliseconds
  },
}

export type TorrentPeerCommands = typeof commands

answerCalls(commands)
