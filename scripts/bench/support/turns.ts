/** Measures several ways one after the other, `runs` times after a round that is not counted. Returns each one's values. */
export async function takeTurns<W extends string>(
  runs: number,
  ways: readonly W[],
  measure: (way: W) => Promise<number>,
): Promise<Record<W, number[]>> {
  const values = Object.fromEntries(ways.map((way) => [way, [] as number[]])) as Record<W, number[]>
  for (const way of ways) await measure(way)
  for (let run = 0; run < runs; run += 1) for (const way of ways) values[way].push(await measure(way))
  return values
}
