export { createDiscovery } from './discovery.ts'
export type { Discovery } from './discovery.ts'
export { serveKeeperStatement } from './keeper-protocol.ts'
export { createKeepers, keepersCid } from './keepers.ts'
