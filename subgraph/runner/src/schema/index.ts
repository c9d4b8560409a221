export { parseSchema } from './parse-schema.ts'
export type { EntityType, Field, FieldKind, Fulltext, IdType, ScalarType, Schema, ValueType } from './types.ts'
