import { buildSubgraph } from './dev-network/subgraph.ts'

await buildSubgraph(new AbortController().signal)
