import { RunnerError } from '../../errors.ts'
import type { HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'
import { CONVERSION_FUNCTIONS } from './conversion.ts'
import { dataSourceFunctions } from './data-source.ts'
import type { DataSourceScope } from './data-source.ts'
import { ETHEREUM_FUNCTIONS } from './ethereum.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { NUMBER_FUNCTIONS } from './numbers.ts'
import { storeFunctions } from './store.ts'
import type { StoreScope } from './store.ts'

/** graph-ts `log.Level`. */
export const LOG_LEVELS = ['critical', 'error', 'warning', 'info', 'debug'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

export type Scope = StoreScope & DataSourceScope & { readonly log: (level: LogLevel, message: string) => void }

/** Longer messages are cut: what a mapping logs may come from a stranger's event. */
const MAX_LOGGED = 4096

/** Everything that a mapping may import. */
export function hostFunctions(scope: Scope): HostFunctions {
  return {
    ...NUMBER_FUNCTIONS,
    ...CONVERSION_FUNCTIONS,
    ...ETHEREUM_FUNCTIONS,
    ...JSON_FUNCTIONS,
    ...storeFunctions(scope),
    ...dataSourceFunctions(scope),
    'log.log': (heap, level = 0, at = 0) => {
      const message = readText(heap, at).slice(0, MAX_LOGGED)
      scope.log(LOG_LEVELS[level] ?? 'debug', message)
      if (level !== 0) return
      throw new RunnerError('MAPPING_FAILED', `Critical error logged in mapping with log message: ${message}`)
    },
    abort: (heap, message = 0, file = 0, line = 0, column = 0) => {
      const place = file === 0 ? 'an unknown location' : `${readText(heap, file)}, line ${line}, column ${column}`
      const reason = message === 0 ? 'no message' : `message: ${readText(heap, message).slice(0, MAX_LOGGED)}`
      throw new RunnerError('MAPPING_FAILED', `Mapping aborted at ${place}, with ${reason}`)
    },
  }
}
