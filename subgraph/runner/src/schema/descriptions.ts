import { Kind } from 'graphql'
import type { DefinitionNode } from 'graphql'

/** What is said of types, by `Type`, and of fields and values of enums, by `Type.name`. */
export function readDescriptions(definitions: readonly DefinitionNode[]): Map<string, string> {
  const found = definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.ENUM_TYPE_DEFINITION) return []
    const type = definition.name.value
    const members = definition.kind === Kind.OBJECT_TYPE_DEFINITION ? definition.fields : definition.values
    const said = (members ?? []).map((member) => [`${type}.${member.name.value}`, member.description?.value] as const)
    return [[type, definition.description?.value] as const, ...said]
  })
  return new Map(found.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])))
}
