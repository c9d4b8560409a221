import type { Entity } from './values.ts'
import { toHex } from './values.ts'

/** An entity's id as mappings write it: Bytes as hex. */
export function idOf(entity: Readonly<Entity>): string {
  return toIdText(entity['id'])
}

export function toIdText(value: Entity[string] | undefined): string {
  return value instanceof Uint8Array ? toHex(value) : String(value)
}
