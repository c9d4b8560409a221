import { startRunner } from '../src/index.ts'

/**
 * A runner in a process of its own, to be killed: `run-child.ts BUILD RPC_URL DATABASE`. Sends a message when it starts, and the last
 * block that is in the database whenever it is another.
 */
const [build = '', rpcUrl = '', database = ''] = process.argv.slice(2)
process.send?.('starting')
const runner = await startRunner({ build, rpcUrls: [rpcUrl], database, name: 'test/fixture', pollMs: 1 })
let told: number | undefined
setInterval(() => {
  const head = runner.head()
  if (head !== told) process.send?.(head)
  told = head
}, 1)
process.once('disconnect', () => process.exit())
