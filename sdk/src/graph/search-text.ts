const MAX_WORDS = 8
const MAX_WORD = 40
const MAX_TEXT = 400

/**
 * What a person typed, as The Graph's search takes it: all of its words, the last of which may be unfinished. Nothing that
 * would be an operator there is left. `undefined` where there is no word.
 */
export function searchText(typed: string): string | undefined {
  const words = typed
    .slice(0, MAX_TEXT)
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS)
    .map((word) => Array.from(word).slice(0, MAX_WORD).join(''))
  return words.length === 0 ? undefined : `${words.join(' & ')}:*`
}
