/** What one query may cost. Every client is a stranger. */
export type Limits = {
  /** Words and signs in the text of a query. */
  readonly maxTokens: number
  /** Levels of entities inside one another. */
  readonly maxDepth: number
  /** Entities a query could return by its `first` arguments, as graph-node counts them. */
  readonly maxComplexity: number
  /** Fields of a query, after its fragments are put in. */
  readonly maxFields: number
  /** Comparisons in one `where`, and levels of `and` and `or` in it. */
  readonly maxFilters: number
  readonly maxFilterDepth: number
  /** Elements of one list and characters of one text pattern in a `where`. */
  readonly maxListLength: number
  readonly maxPatternLength: number
  /** graph-node's own default, and the largest `skip` that The Graph's gateway lets through. */
  readonly maxFirst: number
  readonly maxSkip: number
  /** Entities that one answer holds, an entity that several lead to for each of them. */
  readonly maxEntities: number
  /** Values that one answer holds, counted likewise; long ones count as several (`weight.ts`). */
  readonly maxValues: number
  /** Bytes that are read for an answer, and bytes of the answer. */
  readonly maxBytes: number
  readonly timeoutMs: number
}

export const DEFAULT_LIMITS: Limits = {
  maxTokens: 2_000,
  maxDepth: 10,
  maxComplexity: 2_000_000,
  maxFields: 1_000,
  maxFilters: 100,
  maxFilterDepth: 8,
  maxListLength: 2_000,
  maxPatternLength: 1_000,
  maxFirst: 1_000,
  maxSkip: 5_000,
  maxEntities: 20_000,
  maxValues: 400_000,
  maxBytes: 8 * 2 ** 20,
  timeoutMs: 5_000,
}
