import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import type { CertificateFiles } from '../http/index.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000

/** Writes a self-signed certificate for loopback, and its key, into a directory. */
export async function writeCertificate(
  directory: string,
  { endsAt = new Date(Date.now() + DAY_MS) }: { readonly endsAt?: Date } = {},
): Promise<CertificateFiles> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=sluice test',
      notBefore: new Date(endsAt.getTime() - 2 * DAY_MS),
      notAfter: endsAt,
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true),
        new x509.SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'localhost' },
        ]),
      ],
    },
    crypto,
  )
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  const files = { certificate: join(directory, 'certificate.pem'), key: join(directory, 'certificate.key') }
  await writeFile(files.certificate, certificate.toString('pem'))
  await writeFile(files.key, x509.PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 })
  return files
}
