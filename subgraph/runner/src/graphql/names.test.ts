import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { queryNames } from './names.ts'

/** Names as Rust's Inflector gives them; the first three from graph-node's own tests and documentation. */
const NAMES: Record<string, [string, string]> = {
  BandReview: ['bandReview', 'bandReviews'],
  Musician: ['musician', 'musicians'],
  Person: ['person', 'persons'],
  Category: ['category', 'categories'],
  Box: ['box', 'boxes'],
  DailySeries: ['dailySeries', 'dailySeries_collection'],
  NFTSale: ['nftsale', 'nftsales'],
  ERC20Token: ['erc20Token', 'erc20Tokens'],
  user_profile: ['userProfile', 'userProfiles'],
  Day: ['day', 'days'],
  Key: ['key', 'keys'],
  Index: ['index', 'indexes'],
}

describe('the names of queries', () => {
  for (const [entity, [one, many]] of Object.entries(NAMES))
    it(`of ${entity} are ${one} and ${many}`, () => {
      assert.deepEqual(queryNames(entity), { one, many })
    })
})
