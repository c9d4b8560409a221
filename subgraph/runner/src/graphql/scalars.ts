import { GraphQLScalarType, Kind } from 'graphql'
import type { GraphQLSchema, ValueNode } from 'graphql'
import { queryErrors } from './errors.ts'

/** The longest number a query may write, in digits: reading one takes time by the square of its length. */
const MAX_DIGITS = 10_000

type Parse = (value: unknown) => unknown

/**
 * What graph-node's own scalars take from a query (graphql/src/values/coercion.rs): strings, and numbers where it says
 * so. Numbers in the text of a query may be of any length. Values go out as the executor made them.
 */
const PARSERS: Readonly<Record<string, Parse>> = {
  BigInt: parseBigInt,
  Bytes: (value) => (typeof value === 'string' ? value : refuse('Bytes', value)),
  Int8: (value) => parseInt64('Int8', value),
  Timestamp: (value) => parseInt64('Timestamp', value),
  BigDecimal: (value) => value,
}

/** Gives the schema's scalars their behaviour, in place; `buildSchema` makes them pass everything. */
export function installScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, parse] of Object.entries(PARSERS)) {
    const scalar = schema.getType(name)
    if (!(scalar instanceof GraphQLScalarType)) continue
    scalar.parseValue = parse
    scalar.parseLiteral = (node) => parse(literalOf(node))
  }
  return schema
}

function literalOf(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.INT:
      return node.value
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.BOOLEAN:
      return node.value
    default:
      return undefined
  }
}

function parseBigInt(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value !== 'string' || value.length > MAX_DIGITS || !/^[+-]?\d+$/.test(value))
    return refuse('BigInt', value)
  return BigInt(value.replace('+', ''))
}

function parseInt64(type: string, value: unknown): bigint {
  const number = parseBigInt(value)
  return BigInt.asIntN(64, number) === number ? number : refuse(type, value)
}

function refuse(type: string, value: unknown): never {
  const text = typeof value === 'string' ? value.slice(0, 100) : String(value)
  throw queryErrors.valueParse(type, `invalid value: ${text}`)
}
