import type { ConstDirectiveNode, ObjectTypeDefinitionNode } from 'graphql'
import { RunnerError } from '../errors.ts'
import { directiveArgument, enumArgument } from './directives.ts'
import type { EntityType, Fulltext } from './types.ts'

/** graph-node, graph/src/schema/fulltext.rs, `FulltextLanguage`. */
const LANGUAGES = 'simple da nl en fi fr de hu it no pt ro ru es sv tr'.split(' ')

/**
 * Reads the `@fulltext` directives of `_Schema_`, worded and checked as graph-node does
 * (graph/src/schema/input/mod.rs, `validate_fulltext_directives`).
 * @throws RunnerError `SCHEMA_INVALID`
 */
export function parseFulltext(
  type: ObjectTypeDefinitionNode | undefined,
  entities: ReadonlyMap<string, EntityType>,
): Fulltext[] {
  if (type === undefined) return []
  if ((type.fields?.length ?? 0) > 0) throw invalid('_Schema_ type is only for @fulltext and must not have any fields')
  const directives = type.directives ?? []
  if (directives.some((directive) => directive.name.value !== 'fulltext'))
    throw invalid('The _Schema_ type only allows @fulltext directives')
  const definitions = directives.map((directive) => parseDirective(directive, entities))
  const twice = definitions.find(({ name }, index) => definitions.findIndex((other) => other.name === name) !== index)
  if (twice !== undefined) throw invalid(`Fulltext directive name overlaps with type: ${twice.name}`)
  return definitions
}

function parseDirective(directive: ConstDirectiveNode, entities: ReadonlyMap<string, EntityType>): Fulltext {
  const name = directiveArgument(directive, 'name')
  if (typeof name !== 'string' || !/^[_A-Za-z]\w*$/.test(name)) throw invalid('Fulltext directive name undefined')
  if ([...entities.values()].some((entity) => entity.field(name) !== undefined))
    throw invalid(`Fulltext directive name overlaps with an existing entity field or a top-level query field: ${name}`)
  const language = enumArgument(directive, 'language')
  if (language === undefined) throw invalid('Fulltext language is undefined')
  if (!LANGUAGES.includes(language)) throw invalid(`Fulltext language is invalid: ${language}`)
  return { name, language, algorithm: parseAlgorithm(directive), ...parseInclude(directive, entities) }
}

function parseAlgorithm(directive: ConstDirectiveNode): Fulltext['algorithm'] {
  const algorithm = enumArgument(directive, 'algorithm')
  if (algorithm === undefined) throw invalid('Fulltext algorithm is undefined')
  if (algorithm !== 'rank' && algorithm !== 'proximityRank')
    throw invalid(`Fulltext algorithm is invalid: ${algorithm}`)
  return algorithm
}

/** Fulltext queries are of one entity, so the first include counts (graph-node, `FulltextDefinition::from`). */
function parseInclude(
  directive: ConstDirectiveNode,
  entities: ReadonlyMap<string, EntityType>,
): Pick<Fulltext, 'entity' | 'fields'> {
  const list = directiveArgument(directive, 'include')
  if (!Array.isArray(list)) throw invalid("Fulltext directive requires an 'include' list")
  const include: unknown = list[0]
  if (!isObject(include)) throw invalid("Fulltext 'include' list must contain an object")
  const { entity: entityName, fields } = include
  if (typeof entityName !== 'string' || !Array.isArray(fields) || fields.length === 0)
    throw invalid("Fulltext 'include' object must contain 'entity' (String) and 'fields' (List) attributes")
  const entity = entities.get(entityName)
  if (entity === undefined) throw invalid('Fulltext directive includes an entity not found on the subgraph schema')
  return { entity: entityName, fields: [...new Set(fields.map((field) => parseField(field, entity)))] }
}

function parseField(value: unknown, entity: EntityType): string {
  const name = isObject(value) ? value['name'] : undefined
  if (typeof name !== 'string') throw invalid("Fulltext include field must have a 'name' attribute")
  const field = entity.field(name)
  if (field?.type !== 'String') throw invalid(`Fulltext entity field, ${name}, not found or not a string`)
  return name
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(message: string): RunnerError {
  return new RunnerError('SCHEMA_INVALID', message)
}
