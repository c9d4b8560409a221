import { isAddress } from 'viem'
import { RunnerError } from '../../errors.ts'
import type { CreatedDataSource } from '../../storage/store-tables.ts'
import type { Template } from '../manifest.ts'
import type { HostFunctions } from '../module.ts'
import { readMap, readText, writeMap } from '../store-values.ts'
import type { TaggedValue } from '../store-values.ts'
import type { Heap, Pointer } from '../heap.ts'

/** The data source whose handler runs, and what becomes of those that it creates. */
export type DataSourceScope = {
  readonly templates: readonly Template[]
  readonly current: () => {
    readonly address: string
    readonly network: string
    readonly context: ReadonlyMap<string, TaggedValue>
  }
  readonly create: (source: Omit<CreatedDataSource, 'block'>) => void
}

/** `dataSource.*`: graph-node, runtime/wasm/src/host_exports.rs and chain/ethereum/src/data_source.rs. */
export function dataSourceFunctions(scope: DataSourceScope): HostFunctions {
  const create = (heap: Heap, name: Pointer, parameters: Pointer, context: string | undefined) => {
    const template = readText(heap, name)
    const names = scope.templates.map((each) => each.name)
    if (!names.includes(template)) {
      throw failed(
        `Failed to create data source from name \`${template}\`: No template with this name. ` +
          `Available names: ${names.join(', ')}.`,
      )
    }
    const [first = 0] = heap.readPointers(parameters)
    const text = first === 0 ? '' : readText(heap, first).replace(/^(0x)*/, '')
    if (!isAddress(`0x${text}`, { strict: false })) {
      throw failed(`Failed to create data source from template \`${template}\`, invalid address provided`)
    }
    scope.create({ template, address: `0x${text.toLowerCase()}`, context })
  }
  return {
    'dataSource.create': (heap, name = 0, parameters = 0) => create(heap, name, parameters, undefined),
    'dataSource.createWithContext': (heap, name = 0, parameters = 0, context = 0) =>
      create(heap, name, parameters, serialiseContext(readMap(heap, context))),
    'dataSource.address': (heap) => heap.writeBytes(Buffer.from(scope.current().address.slice(2), 'hex')),
    'dataSource.network': (heap) => heap.writeString(scope.current().network),
    'dataSource.context': (heap) => writeMap(heap, scope.current().context),
  }
}

/** A context as text that is the same for the same context. */
export function serialiseContext(context: ReadonlyMap<string, TaggedValue>): string {
  const fields = [...context].sort(([left], [right]) => (left < right ? -1 : 1))
  return JSON.stringify(fields, (_key, value: unknown) => {
    if (typeof value === 'bigint') return { bigint: value.toString() }
    return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value
  })
}

/** The context that such text stands for; none is an empty one. */
export function parseContext(text: string | undefined): ReadonlyMap<string, TaggedValue> {
  if (text === undefined) return new Map()
  const revive = (_key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if ('bigint' in value) return BigInt(String(value.bigint))
    return 'bytes' in value ? Uint8Array.from(Buffer.from(String(value.bytes), 'hex')) : value
  }
  return new Map(JSON.parse(text, revive) as [string, TaggedValue][])
}

function failed(message: string): RunnerError {
  return new RunnerError('MAPPING_FAILED', message)
}
