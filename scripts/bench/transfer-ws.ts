import type { Measurement } from './harness/measurement.ts'
import { compareRates, rateOf } from './support/rates.ts'
import { runTransfers, TRANSFER_LIMIT_MS } from './support/transfers.ts'

/** The same slices over the public listener's WebSocket against a GET of node:http over one connection. */
export const transferWs: Measurement = {
  names: ['transfer.ws', 'transfer.ws.http'],
  limitMs: TRANSFER_LIMIT_MS,
  async run(bench) {
    const { bytes, times } = await runTransfers(bench, ['http', 'ws'])
    return [
      compareRates('transfer.ws', bytes, times.ws, { peer: 'node:http, one connection', times: times.http }),
      rateOf('transfer.ws.http', bytes, times.http),
    ]
  },
}
