import { GraphQLError, Kind, execute, getVariableValues, parse, validate } from 'graphql'
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { DatabaseSync } from 'node:sqlite'
import type { Schema } from '../schema/index.ts'
import { createApiSchema } from './api-schema.ts'
import type { BlockSource } from './block.ts'
import { createCache } from './cache.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Limits } from './limits.ts'
import { loadRoot } from './load.ts'
import type { Output } from './load.ts'
import { answerMeta } from './meta.ts'
import { planQuery, rootFields } from './plan.ts'
import type { RootPlan } from './plan.ts'
import { createReader } from './reader.ts'
import { collectFields } from './selection.ts'

/** A query as clients send it (https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters). */
export type QueryRequest = {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
}

/** As graph-node answers: the data, or the errors and nothing else. */
export type QueryResponse =
  | { readonly data: unknown }
  | { readonly errors: readonly { readonly message: string; readonly locations?: readonly unknown[] }[] }

export type Executor = {
  readonly apiSchema: GraphQLSchema
  /** Answers at once: everything is read in one transaction, so every field sees the same block. Never throws. */
  readonly execute: (request: QueryRequest) => QueryResponse
}

export declare namespace createExecutor {
  type Options = {
    /** A connection nothing else uses; it may be read-only. */
    readonly database: DatabaseSync
    readonly schema: Schema
    readonly blocks: BlockSource
    /** The deployment's id in `_meta` and in errors. */
    readonly deployment: string
    readonly hasIndexingErrors?: () => boolean
    readonly limits?: Partial<Limits>
    /** Milliseconds that only grow. */
    readonly clock?: () => number
  }
}

const CACHED_QUERIES = 200
const MAX_VALIDATION_ERRORS = 5

/** Serves a schema's entities by GraphQL, as graph-node does. */
export function createExecutor(options: createExecutor.Options): Executor {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const apiSchema = createApiSchema(options.schema)
  const roots = rootFields(options.schema)
  const readDocument = createDocumentReader(apiSchema, limits)
  const reader = createReader(options.database, limits, options.clock ?? (() => performance.now()))
  const { schema, blocks, deployment } = options
  const hasIndexingErrors = options.hasIndexingErrors ?? (() => false)

  const loadAll = (plans: readonly RootPlan[]): Output => {
    const context = { schema, limits, ...reader }
    const data: Output = {}
    for (const { key, kind, plan } of plans)
      data[key] = kind === 'entities' ? loadRoot(context, plan) : answerMeta(plan, deployment, hasIndexingErrors())
    return data
  }

  const answer = (request: QueryRequest): QueryResponse => {
    const document = readDocument(request.query)
    if (!('kind' in document)) return failure(document)
    const operation = selectOperation(document, request.operationName)
    const variables = getVariableValues(apiSchema, operation.variableDefinitions ?? [], request.variables ?? {}, {
      maxErrors: MAX_VALIDATION_ERRORS,
    })
    if (variables.errors !== undefined) return failure(variables.errors)
    const selection = { fragments: fragmentsOf(document), variables: variables.coerced }
    const context = { ...selection, schema, apiSchema, limits, blocks, deployment }
    const fields = collectFields(selection, 'Query', [operation.selectionSet])
    const rootValue = reader.inTransaction(() => loadAll(planQuery(context, roots, fields)))
    const result = execute({
      schema: apiSchema,
      document,
      rootValue,
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
      // What is loaded is there by response key.
      fieldResolver: (source: Output, _args, _context, info) => source[info.path.key],
    })
    if (result instanceof Promise) throw new Error('the answer is not there at once')
    return result.errors === undefined ? { data: result.data } : failure(result.errors)
  }

  return {
    apiSchema,
    execute(request) {
      try {
        return answer(request)
      } catch (error) {
        if (error instanceof GraphQLError) return failure([error])
        throw error
      }
    },
  }
}

/** Parses and validates, once for each text that comes again. */
function createDocumentReader(
  apiSchema: GraphQLSchema,
  limits: Limits,
): (query: string) => DocumentNode | readonly GraphQLError[] {
  const documents = createCache<DocumentNode | readonly GraphQLError[]>(CACHED_QUERIES)
  return (query) =>
    documents.get(query, () => {
      const document = parse(query, { maxTokens: limits.maxTokens })
      const errors = validate(apiSchema, document, undefined, { maxErrors: MAX_VALIDATION_ERRORS })
      return errors.length > 0 ? errors : document
    })
}

function failure(errors: readonly GraphQLError[]): QueryResponse {
  return {
    errors: errors.map(({ message, locations }) => ({ message, ...(locations === undefined ? {} : { locations }) })),
  }
}

/** graph-node's words (graphql/src/execution/query.rs). */
function selectOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (name === undefined || name === '') {
    const [only] = operations
    if (only === undefined || operations.length > 1) throw new GraphQLError('Operation name required')
    return only
  }
  const found = operations.find((operation) => operation.name?.value === name)
  if (found === undefined) throw new GraphQLError(`Operation name not found \`${name.slice(0, 100)}\``)
  return found
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
}
