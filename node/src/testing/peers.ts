import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../log.ts'
import { createHost } from '../net/host.ts'
import type { Host } from '../net/host.ts'
import { openStore } from '../store/index.ts'
import type { Store } from '../store/index.ts'

export const quiet = createLog({ name: 'test', level: 'silent' })

/** What a test opened, closed again in reverse order. */
export function createCleanup() {
  const actions: (() => unknown)[] = []
  return {
    add: (action: () => unknown) => void actions.push(action),
    async run() {
      for (const action of actions.splice(0).reverse()) await action()
    },
  }
}

export type Cleanup = ReturnType<typeof createCleanup>

/** A real libp2p node on loopback, on a free port. */
export async function startHost(
  cleanup: Cleanup,
  options: { bootstrap?: Host; httpAddress?: string; identity?: PrivateKey } = {},
): Promise<Host> {
  const host = await createHost({
    identity: options.identity ?? (await generateKeyPair('Ed25519')),
    p2p: {
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      bootstrap: options.bootstrap?.getMultiaddrs().map(String) ?? [],
      privateNetwork: true,
      maxConnections: 50,
    },
    ...(options.httpAddress === undefined ? {} : { httpAddress: options.httpAddress }),
    version: 'test',
  })
  cleanup.add(() => host.stop())
  return host
}

/** A store in a directory of its own. */
export async function startStore(cleanup: Cleanup): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  const store = await openStore({ directory, quotaBytes: 2 ** 30, reserveBytes: 0 })
  cleanup.add(() => store.close())
  return store
}
