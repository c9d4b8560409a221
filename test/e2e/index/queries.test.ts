import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { INDEX_QUERIES } from '@sluice/sdk/graph'
import { parse, validate } from 'graphql'
import { BUILD_DIRECTORY, buildSubgraph } from '../../../scripts/dev-network/subgraph.ts'
import { createApiSchema } from '../../../subgraph/runner/src/graphql/api-schema.ts'
import { readManifest } from '../../../subgraph/runner/src/host/index.ts'
import { parseSchema } from '../../../subgraph/runner/src/schema/index.ts'

const SOURCE = new URL('../../../subgraph/schema.graphql', import.meta.url)

describe('the schema that graph-cli leaves for a graph-node', { timeout: 120_000 }, () => {
  let built: string

  before(async ({ signal }) => {
    await buildSubgraph(signal)
    built = readManifest(BUILD_DIRECTORY).schema
  })

  it('takes every query of the sdk', () => {
    const schema = createApiSchema(parseSchema(built))
    const errors = Object.entries(INDEX_QUERIES).flatMap(([name, query]) =>
      validate(schema, parse(query)).map(({ message }) => `${name}: ${message}`),
    )
    assert.deepEqual(errors, [])
  })

  it('refuses what is not in it', () => {
    const schema = createApiSchema(parseSchema(built))
    const [error] = validate(schema, parse('{ contents { colour } }'))
    assert.match(error?.message ?? '', /Cannot query field "colour" on type "Content"/)
  })

  it('is what the sdk was tried against, with all that it can fill in', () => {
    assert.equal(built, readFileSync(SOURCE, 'utf8'))
  })
})
