/** Bounds of what a frame may hold; whoever exceeds one sent no frame of ours. */
export const WIRE_LIMITS = {
  /** A slice's ciphertext. */
  sliceBytes: 262_144,
  /** 2,097,152 slices, half a terabyte: what a bitfield of one frame can tell. */
  sliceCount: 262_144 * 8,
  ranges: 64,
  peerIdLength: 128,
  clientIdBytes: 128,
  rootBytes: 64,
  messageLength: 256,
  codeLength: 40,
  ticks: 1024,
} as const
