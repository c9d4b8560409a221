import { startRunner } from '../src/index.ts'

/** A runner in a process of its own, to be killed: `run-child.ts BUILD RPC_URL DATABASE`. Sends a message when it starts. */
const [build = '', rpcUrl = '', database = ''] = process.argv.slice(2)
process.send?.('starting')
await startRunner({ build, rpcUrls: [rpcUrl], database, name: 'test/fixture', pollMs: 1 })
process.once('disconnect', () => process.exit())
