/** One deliberate mistake in a contract: what `from` says becomes `to`. `from` occurs exactly once in the file. */
export type Mutant = {
  /** Below `contracts/`. */
  readonly file: string
  readonly what: string
  readonly from: string
  readonly to: string
}

/** Tests that must catch the mutants of one subject, as globs below `test/contracts/`; the likeliest first. */
export type Subject = {
  readonly name: string
  /** Solidity files: the invariants with their handlers. */
  readonly invariants: readonly string[]
  readonly tests: readonly string[]
  readonly mutants: readonly Mutant[]
}
