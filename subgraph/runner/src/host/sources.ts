import type { LogFilter, RpcLog } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import type { CreatedDataSource } from '../storage/store-tables.ts'
import { compileEvent, createWritePlace } from './event.ts'
import type { WriteEvent } from './event.ts'
import { parseContext } from './functions/data-source.ts'
import type { DataSource, EventHandler, Template } from './manifest.ts'
import type { MappingModule } from './module.ts'
import type { TaggedValue } from './store-values.ts'

/** A data source, of the manifest or created since, ready to handle logs. */
export type Source = {
  readonly name: string
  readonly network: string
  readonly entities: readonly string[]
  readonly address: string | undefined
  readonly startBlock: number
  readonly endBlock: number
  readonly context: ReadonlyMap<string, TaggedValue>
  readonly code: Code
}

/** What all data sources of one template share. */
export type Code = {
  readonly module: MappingModule
  /** By topic 0. */
  readonly handlers: ReadonlyMap<string, readonly CompiledHandler[]>
}

export type CompiledHandler = EventHandler & { readonly write: WriteEvent; readonly topicCount: number }

/** More addresses than that make a filter slower than throwing logs away (graph-node: `GRAPH_ETHEREUM_GETLOGS_MAX_CONTRACTS`). */
const MAX_ADDRESSES = 500

/** Compiles the events of a template. Throws MAPPING_INVALID for handlers that the module does not export. */
export function compileCode(template: Template, module: MappingModule): Code {
  const handlers = new Map<string, CompiledHandler[]>()
  const place = createWritePlace()
  for (const handler of template.handlers) {
    if (!module.exports(handler.handler)) {
      throw new RunnerError('MAPPING_INVALID', `The mapping of ${template.name} has no function ${handler.handler}.`)
    }
    const indexed = handler.event.inputs.filter((input) => input.indexed === true).length
    const topicCount = indexed + (handler.event.anonymous === true ? 0 : 1)
    const compiled = { ...handler, write: compileEvent(handler.event, place), topicCount }
    handlers.set(handler.topic0, [...(handlers.get(handler.topic0) ?? []), compiled])
  }
  return { module, handlers }
}

export function staticSource(source: DataSource, code: Code): Source {
  const { name, network, entities, address, startBlock, endBlock = Infinity } = source
  return { name, network, entities, address, startBlock, endBlock, context: new Map(), code }
}

export function createdSource(created: CreatedDataSource, template: Template, code: Code): Source {
  const { name, network, entities } = template
  const { address, block, context } = created
  const fields = { name, network, entities, address, startBlock: block, endBlock: Infinity }
  return { ...fields, context: parseContext(context), code }
}

/** What two data sources that are the same have in common (graph-node, `is_duplicate_of`). */
export function keyOfSource({ template, address, context }: Omit<CreatedDataSource, 'block'>): string {
  return `${template}:${address}:${context ?? ''}`
}

/**
 * The handler of a source for a log, if it has one. Throws MAPPING_FAILED if it has several
 * (graph-node, chain/ethereum/src/data_source.rs, `match_and_decode`).
 */
export function findHandler(source: Source, log: RpcLog, block: number): CompiledHandler | undefined {
  if (source.address !== undefined && source.address !== log.address.toLowerCase()) return undefined
  if (block < source.startBlock || block > source.endBlock) return undefined
  const handlers = source.code.handlers.get(log.topics[0] ?? '')?.filter((handler) => matches(handler, log)) ?? []
  if (handlers.length > 1) {
    throw new RunnerError(
      'MAPPING_FAILED',
      `Multiple handlers defined for event \`${log.topics[0] ?? ''}\`, only one is supported`,
    )
  }
  return handlers[0]
}

function matches(handler: CompiledHandler, log: RpcLog): boolean {
  if (log.topics.length !== handler.topicCount) return false
  return handler.topics.every((allowed, index) => {
    const topic = log.topics[index + 1]
    return allowed === undefined || (topic !== undefined && allowed.includes(topic))
  })
}

/** What to ask a chain for, so that it gives all logs of these sources in a range of blocks; none if nothing can come. */
export function toFilters(sources: readonly Source[], fromBlock: number, toBlock: number): LogFilter[] {
  const live = sources.filter(({ startBlock, endBlock }) => startBlock <= toBlock && endBlock >= fromBlock)
  const addressed = live.filter(({ address }) => address !== undefined)
  const addresses = [...new Set(addressed.flatMap(({ address }) => address ?? []))]
  const isTooMany = addresses.length > MAX_ADDRESSES
  const groups = isTooMany ? [live] : [live.filter(({ address }) => address === undefined), addressed]
  return groups.flatMap((group, index): LogFilter[] => {
    const topics = [...new Set(group.flatMap(({ code }) => [...code.handlers.keys()]))]
    return topics.length === 0 ? [] : [{ addresses: index === 0 ? undefined : addresses, topics }]
  })
}
