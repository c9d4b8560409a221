/** A bounded memory of what a file holds; beyond the bound what was remembered longest ago, and may be, is forgotten. */
export function remember<K, V>(
  known: Map<K, V>,
  [key, value]: readonly [K, V],
  bound: number,
  mayForget: (value: V) => boolean = () => true,
): V {
  known.delete(key)
  known.set(key, value)
  if (known.size <= bound) return value
  for (const [each, old] of known) {
    if (!mayForget(old)) continue
    known.delete(each)
    break
  }
  return value
}
