import type { ServerResponse } from 'node:http'
import { encodePrefix, joinFrame, prependInPlace } from '@sluice/sdk/exchange'
import { pEvent } from 'p-event'

const TOKEN = /^[0-9a-f]{32}$/
/** Below this a slice need not wait for those before it. */
const HIGH_WATER = 1024 * 1024
/** A page may hold six connections to a server: one that carries nothing is given back. */
const IDLE_MS = 5000
/** Any page may read it that knows the token. */
const HEADERS = {
  'content-type': 'application/octet-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
}

/** Bodies that carry the slices of exchanges whose other frames go over a WebSocket, by the token both were opened with. */
export function createSliceStreams(idleMs = IDLE_MS) {
  const places = new Map<string, Place>()
  return {
    /**
     * A place for one exchange; undefined where the token is none, or taken.
     * @param breakOff ends the exchange: what was written to a body that broke is lost
     */
    open(token: string, breakOff: () => void) {
      if (!TOKEN.test(token) || places.has(token)) return undefined
      const place = createPlace(idleMs, breakOff)
      places.set(token, place)
      return {
        get isOpen() {
          return place.isOpen()
        },
        send: place.send,
        close: (): void => {
          places.delete(token)
          place.close()
        },
      }
    },
    /** Gives the exchange of this token a body; false where there is none, or it has one. */
    attach(token: string, response: ServerResponse): boolean {
      const place = places.get(token)
      if (place === undefined || place.isOpen()) return false
      place.attach(response)
      return true
    },
  }
}

type Place = ReturnType<typeof createPlace>

/** At most one answer at a time, given back when nothing was written for `idleMs`. */
function createPlace(idleMs: number, breakOff: () => void) {
  let body: ServerResponse | undefined
  let idle: NodeJS.Timeout | undefined

  function detach(): void {
    clearTimeout(idle)
    body = undefined
  }

  function endIdle(): void {
    if (body === undefined) return
    if (body.writableLength > 0) return void idle?.refresh()
    const ended = body
    detach()
    ended.end()
  }

  async function send(frame: Uint8Array, slice: Uint8Array): Promise<void> {
    if (body === undefined) throw new Error('The page no longer reads.')
    const prefix = encodePrefix(frame.length + slice.length)
    const whole = prependInPlace([prefix, frame], slice)
    if (whole !== undefined) body.write(whole)
    else for (const part of [prefix, joinFrame(frame, slice)]) body.write(part)
    idle?.refresh()
    if (body.writableLength > HIGH_WATER) await pEvent(body, 'drain', { rejectionEvents: ['close'] })
  }

  function attach(response: ServerResponse): void {
    body = response
    idle = setTimeout(endIdle, idleMs)
    response.once('close', () => {
      if (body !== response) return
      detach()
      breakOff()
    })
    response.writeHead(200, HEADERS)
    response.flushHeaders()
  }

  return {
    isOpen: () => body !== undefined,
    send,
    attach,
    close: (): void => {
      const last = body
      detach()
      // Nobody waits for what did not leave; a body that breaks is an error in the page's console, one that ends is none.
      if ((last?.writableLength ?? 0) > 0) last?.destroy()
      else last?.end()
    },
  }
}
