import { gas } from './gas.ts'
import type { Measurement } from './harness/measurement.ts'
import { transferLibp2p } from './transfer-libp2p.ts'
import { transferPaidOverUnpaid } from './transfer-paid-over-unpaid.ts'
import { transferWs } from './transfer-ws.ts'

/** Everything that can be measured, in the order in which it is. */
export const MEASUREMENTS: readonly Measurement[] = [gas, transferLibp2p, transferWs, transferPaidOverUnpaid]
