/** The entities of `subgraph/schema.graphql` that the measured chain has rows of, under the same names and with the same ids. */

export * from './schema/contents.ts'
export * from './schema/keys.ts'
export * from './schema/channels.ts'
export * from './schema/social.ts'
export * from './schema/network.ts'
