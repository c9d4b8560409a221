/** For `node --import`: lets a test end the query thread, as a fault of its own would. */
import { isMainThread } from 'node:worker_threads'

const channel = new BroadcastChannel('end-query-thread')
if (isMainThread) process.on('SIGUSR2', () => channel.postMessage('end'))
else channel.onmessage = () => process.exit(1)
// Neither keeps its thread alive.
;(channel as unknown as { unref: () => void }).unref()
