export { BLOCK_PROTOCOL, createBlockProtocol } from './block-protocol.ts'
export type { BlockProtocol, BlockProtocolOptions } from './block-protocol.ts'
