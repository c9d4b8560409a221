import { GraphQLIncludeDirective, GraphQLSkipDirective, Kind, getDirectiveValues } from 'graphql'
import type { FieldNode, FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql'

/** The operation's fragments and variables, which selections refer to. */
export type SelectionContext = {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * The fields of some selection sets by response key, fragments put in and `@skip` and `@include` heeded
 * (https://spec.graphql.org/October2021/#CollectFields). Types are all objects, so a fragment fits by name or not at all.
 */
export function collectFields(
  context: SelectionContext,
  typeName: string,
  sets: readonly (SelectionSetNode | undefined)[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const visited = new Set<string>()
  const collect = (set: SelectionSetNode) => {
    for (const selection of set.selections.filter((candidate) => isIncluded(context, candidate))) {
      if (selection.kind === Kind.FIELD) addField(fields, selection)
      else {
        const inner = selectFragment(context, typeName, selection, visited)
        if (inner !== undefined) collect(inner)
      }
    }
  }
  for (const set of sets) if (set !== undefined) collect(set)
  return fields
}

function addField(fields: Map<string, FieldNode[]>, field: FieldNode): void {
  const key = field.alias?.value ?? field.name.value
  const nodes = fields.get(key)
  if (nodes === undefined) fields.set(key, [field])
  else nodes.push(field)
}

function selectFragment(
  context: SelectionContext,
  typeName: string,
  selection: Exclude<SelectionNode, FieldNode>,
  visited: Set<string>,
): SelectionSetNode | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    const condition = selection.typeCondition?.name.value ?? typeName
    return condition === typeName ? selection.selectionSet : undefined
  }
  const name = selection.name.value
  if (visited.has(name)) return undefined
  visited.add(name)
  const fragment = context.fragments.get(name)
  return fragment?.typeCondition.name.value === typeName ? fragment.selectionSet : undefined
}

function isIncluded({ variables }: SelectionContext, node: SelectionNode): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variables)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variables)
  return skip?.['if'] !== true && include?.['if'] !== false
}
