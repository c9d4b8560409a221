import { dhtLookup } from './dht-lookup.ts'
import { discoveryFind } from './discovery-find.ts'
import { entitlement } from './entitlement.ts'
import { fairness } from './fairness.ts'
import { gas } from './gas.ts'
import type { Measurement } from './harness/measurement.ts'
import { indexRate } from './index-rate.ts'
import { indexSearch } from './index-search.ts'
import { indexLatency } from './index-latency.ts'
import { indexVsPonder } from './index-vs-ponder.ts'
import { keyDeal } from './key-deal.ts'
import { keyOpen } from './key-open.ts'
import { memory } from './memory.ts'
import { memoryIdle } from './memory-idle.ts'
import { multi } from './multi.ts'
import { openContent } from './open-content.ts'
import { publishRate } from './publish-rate.ts'
import { stream } from './stream.ts'
import { transferBrowser } from './transfer-browser.ts'
import { transferLibp2p } from './transfer-libp2p.ts'
import { transferPaidOverUnpaid } from './transfer-paid-over-unpaid.ts'
import { transferVs } from './transfer-vs.ts'
import { transferWs } from './transfer-ws.ts'

/** Everything that can be measured, in the order in which it is. */
export const MEASUREMENTS: readonly Measurement[] = [
  gas,
  publishRate,
  transferLibp2p,
  transferWs,
  transferPaidOverUnpaid,
  transferVs,
  transferBrowser,
  stream,
  multi,
  fairness,
  entitlement,
  keyDeal,
  keyOpen,
  indexLatency,
  dhtLookup,
  discoveryFind,
  indexRate,
  indexVsPonder,
  indexSearch,
  openContent,
  memoryIdle,
  memory,
]
