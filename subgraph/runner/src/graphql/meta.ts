import type { MetaPlan } from './plan.ts'

type Output = Record<string, unknown>

/** Answers `_meta` (graph-node, graphql/src/store/resolver.rs, `lookup_meta`). */
export function answerMeta({ block, fields }: MetaPlan, deployment: string, hasIndexingErrors: boolean): Output {
  const { number, known } = block
  const blockValues: Output = {
    number,
    hash: known?.hash ?? null,
    timestamp: known?.timestamp ?? null,
    parentHash: known?.parentHash ?? null,
  }
  const values: Output = { deployment, hasIndexingErrors }
  const output: Output = {}
  for (const [key, { name, inner }] of fields)
    output[key] =
      name === 'block' ? Object.fromEntries([...inner].map(([at, of]) => [at, blockValues[of]])) : values[name]
  return output
}
