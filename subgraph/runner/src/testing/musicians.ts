import { createTestSubgraph } from './test-subgraph.ts'
import type { TestSubgraph } from './test-subgraph.ts'

/**
 * The subgraph of graph-node's own query tests (store/test-store/tests/graphql/query.rs, `test_schema` and
 * `insert_test_entities`), without its interfaces and aggregations.
 */
export const MUSICIANS_SCHEMA = `
type _Schema_ @fulltext(name: "bandReviewSearch", language: en, algorithm: proximityRank, include: [
  { entity: "BandReview", fields: [{ name: "body" }] }])

type Musician @entity {
  id: ID!
  name: String!
  mainBand: Band
  bands: [Band!]!
  writtenSongs: [Song!]! @derivedFrom(field: "writtenBy")
  favoriteCount: Int8!
  birthDate: Timestamp!
}
type Band @entity {
  id: ID!
  name: String!
  members: [Musician!]! @derivedFrom(field: "bands")
  reviews: [BandReview!]! @derivedFrom(field: "band")
  originalSongs: [Song!]!
}
type Song @entity {
  id: Bytes!
  sid: String!
  title: String!
  writtenBy: Musician!
  publisher: Publisher!
  band: Band @derivedFrom(field: "originalSongs")
  reviews: [SongReview!]! @derivedFrom(field: "song")
  stats: [SongStat!]! @derivedFrom(field: "id")
}
type SongStat @entity {
  id: Bytes!
  song: Song @derivedFrom(field: "id")
  played: Int!
}
type Publisher @entity { id: Bytes! }
type SongReview @entity {
  id: ID!
  body: String!
  song: Song
  author: User!
}
type BandReview @entity {
  id: ID!
  body: String!
  band: Band
  author: User!
}
type User @entity {
  id: ID!
  name: String!
  songReviews: [SongReview!]! @derivedFrom(field: "author")
  bandReviews: [BandReview!]! @derivedFrom(field: "author")
  latestSongReview: SongReview!
  latestBandReview: BandReview!
}`

const SONGS = [0, 1, 2, 3, 4].map((index) => Uint8Array.of(0xf0, index))
const PUBLISHER = Uint8Array.of(0xb1)
const BIRTH = 1_710_837_304_040_956n

/** At block 0 everything but the musicians m3, m4 and m5, who come at block 1; nothing happens at block 2. */
export function createMusicians(options: createTestSubgraph.Options = {}): TestSubgraph {
  const subgraph = createTestSubgraph(MUSICIANS_SCHEMA, options)
  const [, s1, s2, s3, s4] = SONGS as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  const musician = (block: number, id: string, name: string, mainBand: string | null, bands: string[], count: bigint) =>
    subgraph.write(block, 'Musician', { id, name, mainBand, bands, favoriteCount: count, birthDate: BIRTH })
  musician(0, 'm1', 'John', 'b1', ['b1', 'b2'], 10n)
  musician(0, 'm2', 'Lisa', 'b1', ['b1'], 100n)
  subgraph.write(0, 'Publisher', { id: PUBLISHER })
  subgraph.write(0, 'Band', { id: 'b1', name: 'The Musicians', originalSongs: [s1, s2] })
  subgraph.write(0, 'Band', { id: 'b2', name: 'The Amateurs', originalSongs: [s1, s3, s4] })
  const song = (id: Uint8Array, sid: string, title: string, writtenBy: string) =>
    subgraph.write(0, 'Song', { id, sid, title, publisher: PUBLISHER, writtenBy })
  song(s1, 's1', 'Cheesy Tune', 'm1')
  song(s2, 's2', 'Rock Tune', 'm2')
  song(s3, 's3', 'Pop Tune', 'm1')
  song(s4, 's4', 'Folk Tune', 'm3')
  subgraph.write(0, 'SongStat', { id: s1, played: 10 })
  subgraph.write(0, 'SongStat', { id: s2, played: 15 })
  const bandReview = (id: string, body: string, band: string, author: string) =>
    subgraph.write(0, 'BandReview', { id, body, band, author })
  bandReview('r1', 'Bad musicians', 'b1', 'u1')
  bandReview('r2', 'Good amateurs', 'b2', 'u2')
  bandReview('r5', 'Very Bad musicians', 'b1', 'u3')
  const songReview = (id: string, body: string, reviewed: Uint8Array, author: string) =>
    subgraph.write(0, 'SongReview', { id, body, song: reviewed, author })
  songReview('r3', 'Bad', s2, 'u1')
  songReview('r4', 'Good', s3, 'u2')
  songReview('r6', 'Very Bad', s2, 'u3')
  const user = (id: string, name: string, latestSongReview: string, latestBandReview: string) =>
    subgraph.write(0, 'User', { id, name, latestSongReview, latestBandReview })
  user('u1', 'Baden', 'r3', 'r1')
  user('u2', 'Goodwill', 'r4', 'r2')
  user('u3', 'Anonymous 3', 'r6', 'r5')
  musician(1, 'm3', 'Tom', 'b2', ['b1', 'b2'], 5n)
  musician(1, 'm4', 'Valerie', null, [], 20n)
  musician(1, 'm5', 'Paul', 'b2', ['b2'], 2n)
  subgraph.advance(2)
  return subgraph
}
