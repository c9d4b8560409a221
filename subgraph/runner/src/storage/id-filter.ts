/** Ids that were ever written: tells of most others that they were not, without asking the database. */
export type IdFilter = {
  readonly add: (id: string) => void
  /** False for an id that was never added; true for those that were, and now and then for another. */
  readonly mayHave: (id: string) => boolean
}

/** A megabyte: of a million ids one in thirty is taken for another, of ten million nearly all are. */
const BITS = 2 ** 23
const PROBES = 3

/** Filters for so many sets of ids, which share their memory (https://en.wikipedia.org/wiki/Bloom_filter). */
export function createIdFilters(count: number): IdFilter[] {
  const words = new Uint32Array(BITS / 32)
  return Array.from({ length: count }, (_, set) => createFilter(words, set))
}

function createFilter(words: Uint32Array, set: number): IdFilter {
  return {
    add: (id) => {
      const [first, step] = hashesOf(id, set)
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = (first + Math.imul(probe, step)) & (BITS - 1)
        words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31))
      }
    },
    mayHave: (id) => {
      const [first, step] = hashesOf(id, set)
      for (let probe = 0; probe < PROBES; probe += 1) {
        const bit = (first + Math.imul(probe, step)) & (BITS - 1)
        if (((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
      }
      return true
    },
  }
}

function hashesOf(id: string, set: number): readonly [number, number] {
  let [first, second] = [0x811c9dc5 ^ set, 0x9e3779b9 ^ set]
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
  }
  // An odd step reaches every bit.
  return [first ^ (first >>> 15), (second ^ (second >>> 13)) | 1]
}
