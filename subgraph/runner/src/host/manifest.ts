import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { isAddress, keccak256, toBytes } from 'viem'
import type { Abi, AbiEvent, AbiParameter } from 'viem'
import { parse } from 'yaml'
import { RunnerError } from '../errors.ts'

/** One line of `eventHandlers`, with the event of the ABI that it is for. */
export type EventHandler = {
  readonly event: AbiEvent
  /** The exported function. */
  readonly handler: string
  readonly topic0: string
  /** What topics 1 to 3 may be; undefined where the manifest does not say. Lower-case hex. */
  readonly topics: readonly (readonly string[] | undefined)[]
}

/** What a data source and a template have in common. */
export type Template = {
  readonly name: string
  readonly network: string
  readonly handlers: readonly EventHandler[]
  /** The names of the entity types that its mapping may touch. */
  readonly entities: readonly string[]
  readonly wasm: Uint8Array<ArrayBuffer>
}

/** A data source of the manifest. */
export type DataSource = Template & {
  /** Lower-case hex; undefined takes every address. */
  readonly address: string | undefined
  readonly startBlock: number
  readonly endBlock: number | undefined
}

/** A subgraph as `graph build` leaves it. */
export type Manifest = {
  /** The text of `schema.graphql`. */
  readonly schema: string
  readonly dataSources: readonly DataSource[]
  readonly templates: readonly Template[]
  /** Changes whenever anything in the build does: what a store belongs to. */
  readonly deploymentId: string
}

type Raw = Readonly<Record<string, unknown>>
type Files = { readonly text: (path: string) => string; readonly bytes: (path: string) => Uint8Array<ArrayBuffer> }

/** Larger than graph-node takes (`GRAPH_MAX_IPFS_MAP_FILE_SIZE` and its like are 256 MiB; mappings are far smaller). */
const MAX_FILE_BYTES = 64 * 2 ** 20

/**
 * Reads `subgraph.yaml` of a `build` directory and all it refers to. Throws MANIFEST_INVALID for what is not there or not
 * as graph-cli writes it, MANIFEST_UNSUPPORTED for block and call handlers, receipts, declared calls, file data sources,
 * grafts and the like, by name.
 */
export function readManifest(build: string): Manifest {
  const hash = createHash('sha256')
  const bytes = (path: string): Uint8Array<ArrayBuffer> => {
    const content = readWithin(build, path)
    hash.update(`${path}\0${content.length}\0`).update(content)
    return content
  }
  const files: Files = { bytes, text: (path) => Buffer.from(bytes(path)).toString('utf8') }
  const raw = asRecord(parse(files.text('subgraph.yaml')), 'the manifest')
  if (raw['graft'] !== undefined) throw unsupported('grafting')
  const schema = files.text(asString(asRecord(raw['schema'], 'schema')['file'], 'schema.file'))
  const dataSources = asList(raw['dataSources'], 'dataSources').map((item) => readDataSource(item, files))
  const templates = asList(raw['templates'] ?? [], 'templates').map((item) => readTemplate(item, files))
  return { schema, dataSources, templates, deploymentId: hash.digest('hex') }
}

function readWithin(build: string, path: string): Uint8Array<ArrayBuffer> {
  const full = join(build, path)
  const inside = relative(build, full)
  if (inside.startsWith('..') || isAbsolute(inside)) throw invalid(`"${path}" is outside of the build`)
  let content: Buffer
  try {
    content = readFileSync(full)
  } catch (error) {
    throw new RunnerError('MANIFEST_INVALID', `Cannot read ${full}; has "graph build" run?`, { cause: error })
  }
  if (content.length > MAX_FILE_BYTES) throw invalid(`"${path}" has ${content.length} bytes`)
  return Uint8Array.from(content)
}

function readDataSource(item: Raw, files: Files): DataSource {
  const source = asRecord(item['source'], 'source')
  const address = source['address']
  if (address !== undefined && (typeof address !== 'string' || !isAddress(address, { strict: false }))) {
    throw invalid(`${JSON.stringify(address)} is no address`)
  }
  const endBlock = source['endBlock']
  return {
    ...readTemplate(item, files),
    address: address?.toLowerCase(),
    startBlock: asBlock(source['startBlock'] ?? 0),
    endBlock: endBlock === undefined ? undefined : asBlock(endBlock),
  }
}

function readTemplate(item: Raw, files: Files): Template {
  const name = asString(item['name'], 'name')
  const kind = asString(item['kind'], 'kind')
  if (kind !== 'ethereum' && kind !== 'ethereum/contract') throw unsupported(`a data source of kind "${kind}"`)
  const mapping = asRecord(item['mapping'], `mapping of ${name}`)
  refuse(mapping, 'blockHandlers', name)
  refuse(mapping, 'callHandlers', name)
  const version = asString(mapping['apiVersion'], 'apiVersion')
  if (!/^0\.0\.[6-9]$/.test(version)) throw unsupported(`apiVersion ${version}`)
  const abi = readAbi(item, mapping, files)
  return {
    name,
    network: asString(item['network'], 'network'),
    handlers: asList(mapping['eventHandlers'] ?? [], 'eventHandlers').map((raw) => readHandler(raw, abi, name)),
    entities: (mapping['entities'] as readonly string[] | undefined) ?? [],
    wasm: files.bytes(asString(mapping['file'], 'mapping.file')),
  }
}

function readAbi(item: Raw, mapping: Raw, files: Files): Abi {
  const wanted = asString(asRecord(item['source'], 'source')['abi'], 'source.abi')
  let found: Abi | undefined
  for (const raw of asList(mapping['abis'], 'abis')) {
    const text = files.text(asString(raw['file'], 'file of an ABI'))
    if (raw['name'] === wanted) found = JSON.parse(text) as Abi
  }
  if (found === undefined) throw invalid(`there is no ABI "${wanted}"`)
  return found
}

function readHandler(raw: Raw, abi: Abi, name: string): EventHandler {
  const signature = asString(raw['event'], 'event')
  refuse(raw, 'calls', name)
  if (raw['receipt'] === true) throw unsupported(`"receipt: true" of ${name}`)
  const event = findEvent(abi, signature)
  if (event === undefined) throw invalid(`Event with the signature "${signature}" not found in data source "${name}"`)
  const topic0 = raw['topic0'] ?? keccak256(toBytes(signature.replaceAll('indexed ', '')))
  return {
    event,
    handler: asString(raw['handler'], 'handler'),
    topic0: asString(topic0, 'topic0').toLowerCase(),
    topics: ['topic1', 'topic2', 'topic3'].map((topic) => {
      const values = raw[topic] as readonly string[] | undefined
      return values?.map((value) => `0x${value.toLowerCase().replace(/^0x/, '').padStart(64, '0')}`)
    }),
  }
}

/**
 * The event of a signature as `Put(indexed uint256,address)`; without `indexed` only if no other event has the name
 * (graph-node, chain/ethereum/src/data_source.rs, `contract_event_with_signature`).
 */
function findEvent(abi: Abi, signature: string): AbiEvent | undefined {
  const events = abi.filter((item): item is AbiEvent => item.type === 'event')
  const exact = events.find((event) => signatureOf(event, true) === signature)
  if (exact !== undefined) return exact
  const named = events.filter((event) => event.name === signature.slice(0, Math.max(0, signature.indexOf('('))))
  const [only] = named
  return only !== undefined && named.length === 1 && signatureOf(only, false) === signature ? only : undefined
}

function signatureOf(event: AbiEvent, isHinted: boolean): string {
  const inputs = event.inputs.map(
    (input) => `${isHinted && input.indexed === true ? 'indexed ' : ''}${selectorType(input)}`,
  )
  return `${event.name}(${inputs.join(',')})`
}

function selectorType(parameter: AbiParameter): string {
  if (!('components' in parameter)) return parameter.type
  return parameter.type.replace('tuple', `(${parameter.components.map(selectorType).join(',')})`)
}

function refuse(raw: Raw, key: string, name: string): void {
  const value = raw[key]
  if (value !== undefined && !(Array.isArray(value) && value.length === 0)) throw unsupported(`${key} of ${name}`)
}

function asRecord(value: unknown, what: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  throw invalid(`${what} is missing`)
}

function asList(value: unknown, what: string): Raw[] {
  if (!Array.isArray(value)) throw invalid(`${what} is not a list`)
  return value.map((item) => asRecord(item, what))
}

function asString(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`${what} is missing`)
}

function asBlock(value: unknown): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value)
  throw invalid(`${String(value)} is no block`)
}

function invalid(reason: string): RunnerError {
  return new RunnerError('MANIFEST_INVALID', `The subgraph's build is not valid: ${reason}.`)
}

function unsupported(feature: string): RunnerError {
  return new RunnerError('MANIFEST_UNSUPPORTED', `This runner does not support ${feature}.`)
}
