import solc from 'solc'

/** A node of solc's tree; `src` is `start:length:file` in bytes. */
export type AstNode = {
  readonly nodeType: string
  readonly src: string
  readonly operator?: string
  readonly [member: string]: unknown
}

/** Standard JSON in, standard JSON out; the package leaves it untyped. */
const compile = solc.compile as (input: string) => string

/** Parses one file; what it imports is not looked at. */
export function parseSolidity(source: string): AstNode {
  const input = {
    language: 'Solidity',
    sources: { file: { content: source } },
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const output = JSON.parse(compile(JSON.stringify(input))) as {
    sources?: Record<string, { ast?: AstNode }>
    errors?: { formattedMessage: string }[]
  }
  const ast = output.sources?.['file']?.ast
  if (ast === undefined) throw new Error(output.errors?.map((error) => error.formattedMessage).join('\n'))
  return ast
}

/** All nodes below `node`, itself first, in the order of the source. */
export function* walk(node: AstNode): Generator<AstNode> {
  yield node
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? (member as unknown[]) : [member]) if (isNode(child)) yield* walk(child)
  }
}

export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'nodeType' in value
}
