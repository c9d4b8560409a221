import type { SluiceContracts } from '../../sdk/src/chain/index.ts'

/** What a run of Ponder is told, as JSON in `BENCH_PONDER`. */
export type PonderSettings = {
  readonly rpcUrl: string
  readonly contracts: SluiceContracts
  /** Where Postgres is; without it Ponder's own, in memory. */
  readonly postgres?: string
}

export const SETTINGS_VARIABLE = 'BENCH_PONDER'
