export { KEY_PROTOCOL, requestShare, serveKeys } from './key-protocol.ts'
export type { ServeKeysOptions } from './key-protocol.ts'
export { createKeyService } from './key-service.ts'
export type { KeeperAnnouncement, KeeperChain, KeyService, KeyServiceLimits, KeyServiceOptions } from './key-service.ts'
