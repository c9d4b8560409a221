import type { LogFilter } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import type { CreatedDataSource } from '../storage/store-tables.ts'
import type { Manifest, Template } from './manifest.ts'
import { createdSource, keyOfSource, staticSource, toFilters } from './sources.ts'
import type { Code, Source } from './sources.ts'

/** The data sources there are by now: the manifest's, and those that mappings have created. */
export type ActiveSources = {
  /** In the manifest's order, then in that of their creation. */
  readonly all: () => readonly Source[]
  /** Adds one; undefined if there is one like it already. */
  readonly add: (created: CreatedDataSource) => Source | undefined
  readonly filters: (fromBlock: number, toBlock: number) => LogFilter[]
  /** Puts these in the place of all that were created. */
  readonly reset: (created: readonly CreatedDataSource[]) => void
}

const MAX_DATA_SOURCES = 100_000

export function createActiveSources(manifest: Manifest, codeOf: (template: Template) => Code): ActiveSources {
  const fixed = manifest.dataSources.map((source) => staticSource(source, codeOf(source)))
  const templates = new Map(manifest.templates.map((each) => [each.name, { template: each, code: codeOf(each) }]))
  let active = [...fixed]
  const keys = new Set<string>()
  function add(created: CreatedDataSource): Source | undefined {
    const key = keyOfSource(created)
    if (keys.has(key)) return undefined
    const found = templates.get(created.template)
    if (found === undefined) throw new RunnerError('STORE_FOREIGN', `There is no template ${created.template}.`)
    if (active.length >= MAX_DATA_SOURCES) {
      throw new RunnerError('MAPPING_FAILED', `There are more than ${MAX_DATA_SOURCES} data sources.`)
    }
    const source = createdSource(created, found.template, found.code)
    active.push(source)
    keys.add(key)
    return source
  }
  return {
    all: () => active,
    add,
    filters: (fromBlock, toBlock) => toFilters(active, fromBlock, toBlock),
    reset: (created) => {
      active = [...fixed]
      keys.clear()
      created.forEach(add)
    },
  }
}
