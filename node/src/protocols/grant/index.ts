export { createGrantProtocol } from './grant-protocol.ts'
export type { GrantProtocol, GrantProtocolOptions } from './grant-protocol.ts'
