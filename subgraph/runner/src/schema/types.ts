/** The scalars of a subgraph's schema that this runner keeps. `BigDecimal` is refused when the schema is read. */
export type ScalarType = 'ID' | 'String' | 'Bytes' | 'Int' | 'Int8' | 'BigInt' | 'Boolean' | 'Timestamp'

/** What a column holds: `ID` and enums are strings, a reference is its target's id. */
export type ValueType = Exclude<ScalarType, 'ID'>

/** What an `id` may be (graph-node, graph/src/data/store/id.rs); `ID` is another word for `String`. */
export type IdType = 'String' | 'Bytes' | 'Int8'

export type FieldKind = 'scalar' | 'enum' | 'reference'

/** One field of an entity, as `schema.graphql` declares it. */
export type Field = {
  readonly name: string
  /** The name in the schema: a scalar, an enum, or for a reference the entity it leads to. */
  readonly type: string
  readonly kind: FieldKind
  /** The type of one element as it is stored; for references the id's type of the target. */
  readonly valueType: ValueType
  readonly isList: boolean
  /** Whether the schema says `!` of the whole field. */
  readonly isRequired: boolean
  /** The field of the target that leads back here; such a field has no column. */
  readonly derivedFrom?: string
  /** For references: the type of the target's id. */
  readonly idType?: IdType
}

/** One `@entity` type. */
export type EntityType = {
  readonly name: string
  /** Rows are written once and never changed; they have no `block_to`. */
  readonly immutable: boolean
  readonly idType: IdType
  /** In the schema's order; derived fields included. */
  readonly fields: readonly Field[]
  readonly field: (name: string) => Field | undefined
}

/** One `@fulltext` directive: a top-level query over some string fields of one entity. */
export type Fulltext = {
  readonly name: string
  readonly entity: string
  /** Names of string fields, in the directive's order. */
  readonly fields: readonly string[]
  /** `simple` or a two-letter language code (graph-node, graph/src/schema/fulltext.rs). */
  readonly language: string
  readonly algorithm: 'rank' | 'proximityRank'
}

/** A subgraph's schema, validated. */
export type Schema = {
  readonly entities: ReadonlyMap<string, EntityType>
  /** Name to values, in the schema's order. */
  readonly enums: ReadonlyMap<string, readonly string[]>
  readonly fulltext: readonly Fulltext[]
  /** What the schema says of its types, by `Type`, and of their fields and values, by `Type.field`. */
  readonly descriptions: ReadonlyMap<string, string>
}
