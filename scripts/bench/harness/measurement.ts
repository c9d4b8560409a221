/** One number. Names and units are stable: what reads the JSON goes by them. */
export type Result = {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What `ratio` compares with, measured in the same run. */
  readonly peer?: string
  /** `value` over the peer's. */
  readonly ratio?: number
}

/** What a measurement is given; all of it ends with the measurement, however that ends. */
export type Bench = {
  /** Aborts on Ctrl-C and when the measurement's time is up. */
  readonly signal: AbortSignal
  /** Bytes of a large file. */
  readonly largeBytes: number
  /** A new directory of its own. */
  directory(): Promise<string>
  /** Run at the end, the last one first. */
  cleanup(action: () => unknown): void
}

export type Measurement = {
  /** Every name that it gives, so that `--only` can choose without running. */
  readonly names: readonly string[]
  /** Milliseconds after which it is given up; two minutes when left out. */
  readonly limitMs?: number
  /** What it lacks here and how to get that; undefined when it can run. */
  missing?(): string | undefined
  run(bench: Bench): Promise<readonly Result[]>
}
