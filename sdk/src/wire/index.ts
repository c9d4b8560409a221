export { decodeFrame } from './decode.ts'
export { encodeFrame, encodeOffer, encodeSlice } from './encode.ts'
export * from './limits.ts'
export * from './messages.ts'
