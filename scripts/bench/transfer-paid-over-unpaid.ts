import type { Measurement } from './harness/measurement.ts'
import { compareRates } from './support/rates.ts'
import { runTransfers, TRANSFER_LIMIT_MS } from './support/transfers.ts'

/** What paying costs: the same exchange with the same checks at a price and at none. */
export const transferPaidOverUnpaid: Measurement = {
  names: ['transfer.paid-over-unpaid'],
  limitMs: TRANSFER_LIMIT_MS,
  async run(bench) {
    const { bytes, times } = await runTransfers(bench, ['unpaid', 'paid'])
    const unpaid = { peer: 'the same unpaid', times: times.unpaid }
    return [compareRates('transfer.paid-over-unpaid', bytes, times.paid, unpaid)]
  },
}
