/** A bounded memory of what a file holds; what was remembered longest ago is handed to `onForgotten` and forgotten. */
export function remember<K, V>(
  known: Map<K, V>,
  [key, value]: readonly [K, V],
  bound: number,
  onForgotten?: (key: K, value: V) => void,
): V {
  known.delete(key)
  known.set(key, value)
  if (known.size <= bound) return value
  const [oldest] = known
  if (oldest === undefined) return value
  known.delete(oldest[0])
  onForgotten?.(...oldest)
  return value
}
