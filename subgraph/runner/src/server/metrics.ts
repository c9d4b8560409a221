import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** How a request for data ended: with data, with errors of the query, turned away unread, or by a fault of the server. */
export type QueryResult = 'data' | 'errors' | 'refused' | 'failed'

export type QueryMetrics = {
  /** In Prometheus's text format. */
  readonly text: () => Promise<string>
  readonly answered: (result: QueryResult, seconds: number) => void
  readonly underWay: (change: 1 | -1) => void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** The metrics of answering queries; those of indexing are the indexer's. */
export function createQueryMetrics(): QueryMetrics {
  const registry = new Registry()
  const registers = [registry]
  const duration = new Histogram({
    name: 'subgraph_runner_query_duration_seconds',
    help: 'From a query’s arrival to its answer, by how it ended',
    labelNames: ['result'],
    buckets: SECONDS,
    registers,
  })
  const queries = new Counter({
    name: 'subgraph_runner_queries_total',
    help: 'Queries, by how they ended',
    labelNames: ['result'],
    registers,
  })
  const underWay = new Gauge({
    name: 'subgraph_runner_queries_under_way',
    help: 'Queries being read or answered',
    registers,
  })
  return {
    text: () => registry.metrics(),
    answered(result, seconds) {
      queries.inc({ result })
      duration.observe({ result }, seconds)
    },
    underWay: (change) => underWay.inc(change),
  }
}
