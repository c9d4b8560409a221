export type { Layout } from './blocks.ts'
export { startTorrents } from './torrents.ts'
export type { Torrents, TorrentsOptions } from './torrents.ts'
export type { Swarm, SwarmNetwork } from './fetching.ts'
