import { randomBytes } from 'node:crypto'
import type { CID } from 'multiformats/cid'
import type { Host } from '../../../node/src/net/index.ts'
import { startHost } from '../../../node/src/testing/peers.ts'
import type { Cleanup } from '../../../node/src/testing/peers.ts'
import { cidOf, RAW } from '../../../sdk/src/content/index.ts'
import type { Bench } from '../harness/measurement.ts'

/** A host in this process, in touch with `first` when there is one. */
export async function joinHost(bench: Bench, first?: Host): Promise<Host> {
  const cleanup: Cleanup = {
    add: (action) => {
      bench.cleanup(action)
      return undefined
    },
    run: async () => undefined,
  }
  const host = await startHost(cleanup)
  if (first !== undefined) await host.dial(first.getMultiaddrs())
  return host
}

export function randomCid(): Promise<CID> {
  return cidOf(RAW, new Uint8Array(randomBytes(32)))
}
