import { GraphQLError } from 'graphql'

/** What graph-node answers for a query it cannot run (graph/src/data/query/error.rs), in its words. */
export const queryErrors = {
  range: (argument: string, max: number, actual: number) =>
    error(`The \`${argument}\` argument must be between 0 and ${max}, but is ${actual}`),
  filterIsNoObject: () => error('Filter must by an object'),
  mixedOr: (fields: readonly string[]) => {
    const quoted = fields.map((field) => `'${field}'`).join(', ')
    return error(
      `Cannot mix column filters with 'or' operator at the same level. Found column filter(s) ${quoted} alongside ` +
        `'or' operator.\n\nInstead of:\nwhere: { ${quoted}, or: [...] }\n\nUse:\nwhere: { or: [{ ${quoted}, ... }, ` +
        `{ ${quoted}, ... }] }`,
    )
  },
  notAList: (filter: string) => error(`Non-list value passed to \`${filter}\` filter`),
  unsupportedFilter: (filter: string, value: string) =>
    error(`unsupported filter \`${filter}\` for value \`${value}\``),
  valueType: (value: string, type: string) => error(`Query contains value with invalid type \`${type}\`: \`${value}\``),
  valueParse: (type: string, reason: string) => error(`Failed to decode \`${type}\` value: \`${reason}\``),
  ambiguous: (field: string, target: string, targetField: string) =>
    error(
      `Ambiguous result for derived field \`${field}\`: Multiple \`${target}\` entities refer back via \`${targetField}\``,
    ),
  nonNull: (field: string) => error(`Null value resolved for non-null field \`${field}\``),
  childNesting: (value: string) => error(`Child filter nesting not supported by value \`${value}\`: \`child\``),
  orderBy: (entity: string, field: string) => error(`Ordering by \`${field}\` is not supported for type \`${entity}\``),
  fulltextSyntax: (reason: string) =>
    error(
      `Invalid fulltext search query syntax. Error: ${reason}. Hint: Search terms with spaces need to be enclosed in ` +
        'single quotes',
    ),
  tooDeep: (max: number) => error(`query has a depth that exceeds the limit of \`${max}\``),
  tooComplex: (complexity: number, max: number) =>
    error(
      `query potentially returns \`${complexity}\` entities or more and thereby exceeds the limit of \`${max}\` ` +
        'entities. Possible solutions are reducing the depth of the query, querying fewer relationships or using ' +
        '`first` to return smaller collections',
    ),
  tooExpensive: () => error('query is too expensive'),
  tooBig: (size: number, max: number) =>
    error(`the result size of ${size} entities is too large. Fetch less than ${max}`),
  tooManyValues: (size: number, max: number) =>
    error(`the result size of ${size} values is too large. Fetch less than ${max}`),
  tooManyBytes: (max: number) => error(`the result size is too large. Fetch less than ${max} bytes`),
  timeout: () => error('Query timed out'),
  notSynced: () => error('the subgraph has not indexed a block yet'),
} as const

function error(message: string): GraphQLError {
  return new GraphQLError(message)
}
