import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { SliceMetrics } from './protocols/slice/index.ts'

/** What is read when Prometheus asks. */
export type Readings = {
  readonly peers: () => number
  readonly contents: () => number
  readonly storedBytes: () => number
  readonly chainHead: () => number
  readonly chainHealthy: () => boolean
}

export type NodeMetrics = { readonly registry: Registry; readonly slices: SliceMetrics }

/** A node's metrics: the process's own, gauges read on demand, and counters of the slice service. */
export function createMetrics(readings: Readings): NodeMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `sluice_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  gauge('peers', 'Peers connected', readings.peers)
  gauge('contents', 'Contents stored', readings.contents)
  gauge('stored_bytes', 'Bytes promised to contents and uploads', readings.storedBytes)
  gauge('chain_head', 'Last block read', readings.chainHead)
  gauge('chain_healthy', 'Whether the chain answers', () => Number(readings.chainHealthy()))

  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name: `sluice_${name}`, help, labelNames: [...labelNames], registers })
  const served = counter('slices_served_total', 'Slices served', ['kind'])
  const bytes = counter('slice_bytes_served_total', 'Bytes of slices served', ['kind'])
  const payments = counter('payments_accepted_total', 'Vouchers and ticks accepted')
  const refused = counter('exchange_refusals_total', 'What the slice service refused', ['code'])
  const connections = new Gauge({ name: 'sluice_exchanges', help: 'Slice exchanges open', registers })
  return {
    registry,
    slices: {
      sliceServed(length, kind) {
        served.inc({ kind })
        bytes.inc({ kind }, length)
      },
      paymentAccepted: () => payments.inc(),
      refused: (code) => refused.inc({ code }),
      connections: (delta) => connections.inc(delta),
    },
  }
}
