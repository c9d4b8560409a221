import type { Measurement } from './harness/measurement.ts'
import { compareRates, rateOf } from './support/rates.ts'
import { runTransfers, TRANSFER_LIMIT_MS } from './support/transfers.ts'

/** Paid, entitled, verified slices over libp2p against a bare stream of the same connection. */
export const transferLibp2p: Measurement = {
  names: ['transfer.libp2p', 'transfer.libp2p.raw', 'transfer.libp2p.tls'],
  limitMs: TRANSFER_LIMIT_MS,
  async run(bench) {
    const { bytes, times } = await runTransfers(bench, ['raw', 'paid', 'tls'])
    return [
      compareRates('transfer.libp2p', bytes, times.paid, { peer: 'raw libp2p stream', times: times.raw }),
      rateOf('transfer.libp2p.raw', bytes, times.raw),
      rateOf('transfer.libp2p.tls', bytes, times.tls),
    ]
  },
}
