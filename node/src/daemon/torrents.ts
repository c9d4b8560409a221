import type { NodeConfig } from '../config.ts'
import type { Torrents, TorrentsOptions } from '../torrent/index.ts'

/** Joins the torrents' swarms where the configuration says so; its libraries are loaded only then. */
export async function startTorrentsIfEnabled(
  options: TorrentsOptions & { readonly config: NodeConfig },
): Promise<Torrents | undefined> {
  if (!options.config.torrent.enabled) return undefined
  const { startTorrents } = await import('../torrent/index.ts')
  return startTorrents(options)
}
