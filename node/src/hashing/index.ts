export { createSliceHasher } from './slice-hasher.ts'
export type { SliceHasher } from './slice-hasher.ts'
