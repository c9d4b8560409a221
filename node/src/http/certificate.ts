import { createPrivateKey, X509Certificate } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { open } from 'node:fs/promises'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { SluiceError } from '@sluice/sdk'

/** Where a certificate, followed by those that it rests on, and its private key are: paths of PEM files. */
export type CertificateFiles = { readonly certificate: string; readonly key: string }

/** What a TLS server presents, in PEM. */
export type Certificate = { readonly cert: string; readonly key: string }

const MAX_FILE_BYTES = 256 * 1024
/** A certificate is renewed every few weeks, long before it ends. */
const LOOK_INTERVAL_MS = 60_000

/**
 * Reads a certificate and its key.
 * @param host a name that the certificate must be for, if any
 * @throws BAD_INPUT where a file cannot be read or is none, the key is another's, the certificate has ended,
 * has not begun or is not for `host`, or TLS cannot present it with what it rests on
 */
export async function readCertificate(files: CertificateFiles, host?: string): Promise<Certificate> {
  const [cert, key] = [await readText(files.certificate), await readText(files.key)]
  const first = parse(files.certificate, 'certificate in PEM', () => new X509Certificate(cert))
  const ownKey = parse(files.key, 'private key in PEM without a passphrase', () => createPrivateKey(key))
  if (!first.checkPrivateKey(ownKey)) throw refusal(`The key in ${files.key} is not that of ${files.certificate}.`)
  if (first.validToDate.getTime() <= Date.now()) throw refusal(`${files.certificate} ended on ${first.validTo}.`)
  if (first.validFromDate.getTime() > Date.now()) throw refusal(`${files.certificate} begins on ${first.validFrom}.`)
  if (host !== undefined && !isFor(first, host)) throw refusal(`${files.certificate} is not for ${host}.`)
  // Only the first of the file was looked at until here. What a listener is given must not fail there.
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    throw refusal(`${files.certificate} cannot be presented.`, cause)
  }
  return { cert, key }
}

export declare namespace followCertificate {
  type Options = {
    readonly files: CertificateFiles
    readonly host?: string | undefined
    /** Given what the files hold after they have changed. */
    readonly onRenewed: (certificate: Certificate) => void
    /** Given why what they hold now is of no use: what was presented before still is. */
    readonly onRefused: (error: unknown) => void
    /** How often the files are looked at. */
    readonly intervalMs?: number
  }
}

/** Reads a certificate anew whenever one of its files has changed. Returns how to stop that. */
export function followCertificate(options: followCertificate.Options): () => void {
  const { files, host, onRenewed, onRefused, intervalMs = LOOK_INTERVAL_MS } = options
  // Both files change, one after the other; what is read between the two is refused.
  const look = (): void => void readCertificate(files, host).then(onRenewed, onRefused)
  const paths = [files.certificate, files.key]
  for (const path of paths) watchFile(path, { interval: intervalMs, persistent: false }, look)
  return () => paths.forEach((path) => unwatchFile(path, look))
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_FILE_BYTES + 1))
    if (bytesRead > MAX_FILE_BYTES) throw new Error('It is too long.')
    return buffer.toString('utf8', 0, bytesRead)
  } catch (cause) {
    throw refusal(`${path} cannot be read.`, cause)
  }
}

function parse<T>(path: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw refusal(`${path} is no ${what}.`, cause)
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined
}

function refusal(message: string, cause?: unknown): SluiceError {
  const hint =
    'public.certificate names a PEM file with the certificate chain, public.certificate_key one with its key.'
  return new SluiceError('BAD_INPUT', message, { cause, hint })
}
