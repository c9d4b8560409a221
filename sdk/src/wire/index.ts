export { decodeFrame } from './decode.ts'
export { encodeFrame, encodeOffer } from './encode.ts'
export * from './limits.ts'
export * from './messages.ts'
