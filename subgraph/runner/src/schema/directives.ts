import { Kind, valueFromASTUntyped } from 'graphql'
import type { ConstDirectiveNode } from 'graphql'

type Decorated = { readonly directives?: readonly ConstDirectiveNode[] | undefined }

/** The first directive of that name, if there is one. */
export function findDirective(node: Decorated, name: string): ConstDirectiveNode | undefined {
  return node.directives?.find((directive) => directive.name.value === name)
}

/** An argument's plain value; enum values become their names. Undefined when the argument is not given. */
export function directiveArgument(directive: ConstDirectiveNode, name: string): unknown {
  const argument = directive.arguments?.find((candidate) => candidate.name.value === name)
  return argument === undefined ? undefined : valueFromASTUntyped(argument.value)
}

/** An enum argument's name; a string in its place is not one. */
export function enumArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const argument = directive.arguments?.find((candidate) => candidate.name.value === name)
  return argument?.value.kind === Kind.ENUM ? argument.value.value : undefined
}
