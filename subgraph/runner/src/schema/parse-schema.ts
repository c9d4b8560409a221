import { Kind, parse } from 'graphql'
import type {
  ConstDirectiveNode,
  DefinitionNode,
  FieldDefinitionNode,
  ObjectTypeDefinitionNode,
  TypeNode,
} from 'graphql'
import { RunnerError } from '../errors.ts'
import { readDescriptions } from './descriptions.ts'
import { directiveArgument, findDirective } from './directives.ts'
import { parseFulltext } from './fulltext.ts'
import type { EntityType, Field, IdType, ScalarType, Schema, ValueType } from './types.ts'

const SCHEMA_TYPE = '_Schema_'
const SCALARS: readonly string[] = ['ID', 'String', 'Bytes', 'Int', 'Int8', 'BigInt', 'Boolean', 'Timestamp']

/** Names graph-node keeps for itself (graph/src/schema/input/mod.rs, `validate_reserved_types_usage`). */
const RESERVED = new Set([...SCALARS, 'BigDecimal', 'Query', 'Subscription'])

/** Columns of the runner's own beside an entity's fields; SQL does not tell upper from lower case. */
const OWN_COLUMNS = ['vid', 'block_from', 'block_to']

/**
 * Reads a subgraph's `schema.graphql`, by the rules of graph-node (graph/src/schema/input/mod.rs).
 * @throws RunnerError `SCHEMA_INVALID` where graph-node would refuse it, `SCHEMA_UNSUPPORTED` for interfaces,
 * unions, aggregations, timeseries and `BigDecimal`, which only graph-node has.
 */
export function parseSchema(text: string): Schema {
  const definitions = parseDocument(text)
  const types = definitions.filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
  const enums = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION)
      .map(({ name, values }) => [name.value, (values ?? []).map((value) => value.name.value)] as const),
  )
  definitions.forEach(checkDefinition)
  const nodes = types.filter((type) => type.name.value !== SCHEMA_TYPE)
  const ids = new Map(nodes.map((node) => [node.name.value, idTypeOf(node)] as const))
  const entities = new Map(nodes.map((node) => [node.name.value, parseEntity(node, ids, enums)] as const))
  checkNames([...ids.keys(), ...enums.keys()], [...ids.keys()])
  for (const entity of entities.values()) checkEntity(entity, entities)
  const fulltext = parseFulltext(
    types.find((type) => type.name.value === SCHEMA_TYPE),
    entities,
  )
  return { entities, enums, fulltext, descriptions: readDescriptions(definitions) }
}

function parseDocument(text: string): readonly DefinitionNode[] {
  try {
    return parse(text, { noLocation: true }).definitions
  } catch (cause) {
    throw new RunnerError(
      'SCHEMA_INVALID',
      `Invalid schema: ${cause instanceof Error ? cause.message : 'not GraphQL'}`,
      {
        cause,
      },
    )
  }
}

function checkDefinition(definition: DefinitionNode): void {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
      checkObjectType(definition)
      return
    case Kind.ENUM_TYPE_DEFINITION:
      return
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
      throw unsupported(`\`${definition.name.value}\` is an interface or union, which this runner does not serve`)
    default:
      throw invalid(`Invalid schema: a subgraph's schema has no ${definition.kind}`)
  }
}

function checkObjectType(node: ObjectTypeDefinitionNode): void {
  const name = node.name.value
  if (name === SCHEMA_TYPE) return
  if (RESERVED.has(name)) throw invalid(`The following type names are reserved: \`${name}\``)
  if (findDirective(node, 'aggregation') !== undefined)
    throw unsupported(`\`${name}\` is an aggregation, which this runner does not serve`)
  if ((node.interfaces?.length ?? 0) > 0)
    throw unsupported(`\`${name}\` implements an interface, which this runner does not serve`)
  const entity = findDirective(node, 'entity')
  if (entity === undefined) throw invalid(`@entity directive missing on the following types: \`${name}\``)
  checkEntityDirective(name, entity)
}

function checkEntityDirective(name: string, directive: ConstDirectiveNode): void {
  for (const argument of ['immutable', 'timeseries', 'skipDuplicates']) {
    const value = directiveArgument(directive, argument)
    if (value !== undefined && typeof value !== 'boolean')
      throw invalid(`The \`${argument}\` argument of the @entity directive must be a boolean`)
  }
  if (directiveArgument(directive, 'timeseries') === true)
    throw unsupported(`\`${name}\` is a timeseries, which this runner does not keep`)
}

function parseEntity(
  node: ObjectTypeDefinitionNode,
  ids: ReadonlyMap<string, IdType>,
  enums: ReadonlyMap<string, readonly string[]>,
): EntityType {
  const name = node.name.value
  const fields = (node.fields ?? []).map((field) => parseField(name, field, ids, enums))
  const byName = new Map(fields.map((field) => [field.name, field]))
  const directive = findDirective(node, 'entity')
  return {
    name,
    immutable: directive !== undefined && directiveArgument(directive, 'immutable') === true,
    idType: idTypeOf(node),
    fields,
    field: (fieldName) => byName.get(fieldName),
  }
}

function parseField(
  entity: string,
  node: FieldDefinitionNode,
  ids: ReadonlyMap<string, IdType>,
  enums: ReadonlyMap<string, readonly string[]>,
): Field {
  const { type, isList, isRequired } = unwrap(node.type, `${entity}.${node.name.value}`)
  const shape = { name: node.name.value, type, isList, isRequired }
  const derived = findDirective(node, 'derivedFrom')
  const idType = ids.get(type)
  if (idType !== undefined) {
    const reference = { ...shape, kind: 'reference', valueType: idType, idType } as const
    return derived === undefined ? reference : { ...reference, derivedFrom: derivedFrom(entity, node, derived) }
  }
  if (derived !== undefined)
    throw invalidDerived(entity, node.name.value, 'type must be an existing entity or interface')
  if (enums.has(type)) return { ...shape, kind: 'enum', valueType: 'String' }
  if (SCALARS.includes(type)) return { ...shape, kind: 'scalar', valueType: valueTypeOf(type as ScalarType) }
  if (type === 'BigDecimal')
    throw unsupported(`${entity}.${node.name.value} is a BigDecimal, which this runner does not keep`)
  throw invalid(`Type \`${entity}\`, field \`${node.name.value}\`: type \`${type}\` is not defined`)
}

function derivedFrom(entity: string, node: FieldDefinitionNode, directive: ConstDirectiveNode): string {
  const target = directiveArgument(directive, 'field')
  if (target === undefined)
    throw invalidDerived(entity, node.name.value, 'the @derivedFrom directive must have a `field` argument')
  if (typeof target !== 'string')
    throw invalidDerived(entity, node.name.value, 'the @derivedFrom `field` argument must be a string')
  return target
}

function unwrap(node: TypeNode, where: string): { type: string; isList: boolean; isRequired: boolean } {
  const isRequired = node.kind === Kind.NON_NULL_TYPE
  const outer = isRequired ? node.type : node
  if (outer.kind === Kind.NAMED_TYPE) return { type: outer.name.value, isList: false, isRequired }
  const element = outer.type.kind === Kind.NON_NULL_TYPE ? outer.type.type : outer.type
  if (element.kind !== Kind.NAMED_TYPE)
    throw unsupported(`${where} is a list of lists, which this runner does not keep`)
  return { type: element.name.value, isList: true, isRequired }
}

function valueTypeOf(scalar: ScalarType): ValueType {
  return scalar === 'ID' ? 'String' : scalar
}

function idTypeOf(node: ObjectTypeDefinitionNode): IdType {
  const name = node.name.value
  const id = node.fields?.find((field) => field.name.value === 'id')
  if (id === undefined) {
    if (name === SCHEMA_TYPE) return 'String'
    throw invalid(`Type ${name} is missing an \`id\` field`)
  }
  const { type, isList, isRequired } = unwrap(id.type, `${name}.id`)
  if (isList || !isRequired)
    throw invalid(`Entity type \`${name}\` must have an \`id\` field that is not a list and not null`)
  if (type === 'ID' || type === 'String') return 'String'
  if (type === 'Bytes' || type === 'Int8') return type
  throw invalid(`Entity type \`${name}\` uses illegal type \`${type}\` for id column`)
}

/** graph-node makes its SQL names by snake case and refuses two that meet; here the same but for the case. */
function checkNames(names: readonly string[], entityNames: readonly string[]): void {
  const twice = firstTwice(names)
  if (twice !== undefined) throw invalid(`Invalid schema: the type \`${twice}\` is defined twice`)
  const alike = firstTwice(entityNames.map((name) => name.toLowerCase()))
  if (alike !== undefined) throw unsupported(`Two entity types are called \`${alike}\` but for upper and lower case`)
}

function checkEntity(entity: EntityType, entities: ReadonlyMap<string, EntityType>): void {
  const names = entity.fields.map((field) => field.name)
  const twice = firstTwice(names)
  if (twice !== undefined) throw invalid(`Invalid schema: \`${entity.name}\` has the field \`${twice}\` twice`)
  const alike = firstTwice([...names.map((name) => name.toLowerCase()), ...OWN_COLUMNS])
  if (alike !== undefined)
    throw unsupported(
      `\`${entity.name}\` has two fields \`${alike}\` but for upper and lower case, or one the runner needs`,
    )
  for (const field of entity.fields) checkDerived(entity, field, entities)
}

function checkDerived(entity: EntityType, field: Field, entities: ReadonlyMap<string, EntityType>): void {
  if (field.derivedFrom === undefined) return
  const target = entities.get(field.type)?.field(field.derivedFrom)
  if (target === undefined)
    throw invalidDerived(
      entity.name,
      field.name,
      `field \`${field.derivedFrom}\` does not exist on type \`${field.type}\``,
    )
  if (target.derivedFrom !== undefined)
    throw invalidDerived(entity.name, field.name, `field \`${target.name}\` is itself derived`)
  if (target.type === entity.name || target.name === 'id') return
  const valid = [entity.name, `${entity.name}!`, `[${entity.name}!]`, `[${entity.name}!]!`].join(', ')
  throw invalidDerived(
    entity.name,
    field.name,
    `field \`${target.name}\` on type \`${field.type}\` must have one of the following types: ${valid}`,
  )
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

function invalidDerived(entity: string, field: string, reason: string): RunnerError {
  return invalid(`Field \`${field}\` in type \`${entity}\` has invalid @derivedFrom: ${reason}`)
}

function invalid(message: string): RunnerError {
  return new RunnerError('SCHEMA_INVALID', message)
}

function unsupported(message: string): RunnerError {
  return new RunnerError('SCHEMA_UNSUPPORTED', message)
}
