import { RunnerError } from '../errors.ts'
import type { EntityType } from '../schema/index.ts'
import { toIdText } from '../storage/ids.ts'
import type { Entity } from '../storage/values.ts'

const CANONICAL = /^0x(?:[0-9a-f]{2})*$/

/** Ids of Bytes come as hex, with or without 0x (graph-node, graph/src/data/store/id.rs). */
export function normaliseId(type: EntityType, id: string): string {
  if (type.idType === 'String') return id
  if (type.idType === 'Int8') {
    if (/^-?\d{1,19}$/.test(id)) return BigInt(id).toString()
    throw failed(`\`${id}\` is no id of ${type.name}, which is an Int8`)
  }
  if (CANONICAL.test(id)) return id
  const digits = id.startsWith('0x') ? id.slice(2) : id
  if (digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits)) return `0x${digits.toLowerCase()}`
  throw failed(`\`${id}\` is no id of ${type.name}, which is Bytes`)
}

/** The entity, with its id if it came without. */
export function withId(type: EntityType, id: string, entity: Entity): Entity {
  const given = entity['id']
  if (given === undefined || given === null) entity['id'] = idValue(type, id)
  else if (toIdText(given) !== id) {
    throw failed(`Value of ${type.name} attribute 'id' conflicts with ID passed to \`store.set()\`: ${id}`)
  }
  return entity
}

function idValue(type: EntityType, id: string): string | bigint | Uint8Array {
  if (type.idType === 'Bytes') return Uint8Array.from(Buffer.from(id.slice(2), 'hex'))
  return type.idType === 'Int8' ? BigInt(id) : id
}

function failed(message: string): RunnerError {
  return new RunnerError('MAPPING_FAILED', message)
}
