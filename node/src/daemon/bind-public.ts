import type { NodeConfig } from '../config.ts'
import { bindListener, followCertificate, readCertificate } from '../http/index.ts'
import type { Listener } from '../http/index.ts'
import type { Log } from '../log.ts'
import type { Closers } from './closers.ts'

/** The public listener, which speaks TLS where it has a certificate, and presents the next one once it is there. */
export async function bindPublic({ host, port, url, tls }: NodeConfig['public'], log: Log, closers: Closers) {
  const name = url === undefined ? undefined : new URL(url).hostname.replace(/^\[|\]$/g, '')
  const certificate = tls && (await readCertificate(tls, name))
  const listener = await bindListener(host, port, { certificate })
  closers.add('public listener', () => listener.close())
  const { renew } = listener
  if (tls === undefined || renew === undefined) return listener
  const unfollow = followCertificate({
    files: tls,
    host: name,
    onRenewed: (next) => {
      renew(next)
      log.info('the public listener presents another certificate')
    },
    onRefused: (error) =>
      log.warn({ err: error }, 'the public listener keeps its certificate: what is there now is of no use'),
  })
  closers.add('certificate', unfollow)
  return listener
}

/** Where pages come from that the listener itself serves, under each of its names. */
export function originsOf({ origin, port }: Listener, publicUrl: string): string[] {
  return [new URL(publicUrl).origin, origin, `${new URL(origin).protocol}//localhost:${port}`]
}
