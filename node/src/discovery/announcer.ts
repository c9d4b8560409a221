import { CID } from 'multiformats/cid'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'

/** Provider records live 48 h in the DHT. */
const REPROVIDE_MS = 12 * 3_600_000
const CHECK_MS = 10 * 60_000
const RETRY_MS = 5000
const PROVIDE_TIMEOUT_MS = 30_000
/** Peers gather, and contents come, within moments of each other; one round then serves them all. */
const SETTLE_MS = 200

/** Keeps provider records alive for what is added, as long as it `isHere`, one at a time. */
export function createAnnouncer(host: Host, isHere: (cid: CID) => Promise<boolean>, log: Log) {
  /** When each CID is due, in milliseconds; zero for at once. */
  const dueAt = new Map<string, number>()
  const stopped = new AbortController()
  let running: Promise<void> | undefined
  let timer = schedule(CHECK_MS)
  const runSoon = (): void => {
    clearTimeout(timer)
    timer = schedule(SETTLE_MS)
  }
  host.addEventListener('peer:identify', runSoon)

  function schedule(delay: number): NodeJS.Timeout {
    return setTimeout(run, delay).unref()
  }

  function run(): void {
    if (stopped.signal.aborted || running !== undefined) return
    const round = announceDue().catch(() => RETRY_MS)
    running = round.then((delay) => {
      running = undefined
      clearTimeout(timer)
      if (!stopped.signal.aborted) timer = schedule(delay)
    })
  }

  /** One round over what is due; returns how long to wait for the next. */
  async function announceDue(): Promise<number> {
    let untold = 0
    for (const [text, due] of dueAt) {
      if (stopped.signal.aborted || host.getPeers().length === 0) return CHECK_MS
      if (due > Date.now()) continue
      const cid = CID.parse(text)
      if (!(await isHere(cid))) dueAt.delete(text)
      else if (await announce(host, cid, stopped.signal, log)) dueAt.set(text, Date.now() + REPROVIDE_MS)
      else untold += 1
    }
    return untold > 0 ? RETRY_MS : CHECK_MS
  }

  return {
    /** Announces a CID as soon as there is a peer, and again while this runs. */
    add(cid: string): void {
      if (dueAt.has(cid)) return
      dueAt.set(cid, 0)
      runSoon()
    },
    async stop(): Promise<void> {
      stopped.abort()
      clearTimeout(timer)
      host.removeEventListener('peer:identify', runSoon)
      await running
    },
  }
}

/** Whether at least one other peer took the record. */
async function announce(host: Host, cid: CID, stopped: AbortSignal, log: Log): Promise<boolean> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(PROVIDE_TIMEOUT_MS)])
  let told = false
  try {
    for await (const event of host.services.dht.provide(cid, { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') told = true
    }
  } catch (error) {
    log.debug({ err: error, cid: cid.toString() }, 'could not announce')
  }
  return told
}
