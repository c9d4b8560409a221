import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect } from 'node:tls'
import { isSluiceError } from '@sluice/sdk'
import { Hono } from 'hono'
import { writeCertificate } from '../testing/certificate.ts'
import { createCleanup } from '../testing/peers.ts'
import { bindListener, followCertificate, readCertificate } from './index.ts'
import type { CertificateFiles } from './index.ts'

const cleanup = createCleanup()
after(() => cleanup.run())

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-tls-'))
  cleanup.add(() => rm(directory, { recursive: true }))
})

let count = 0
async function makeFiles(options?: Parameters<typeof writeCertificate>[1]): Promise<CertificateFiles> {
  const each = join(directory, `${(count += 1)}`)
  await mkdir(each)
  return writeCertificate(each, options)
}

const refused =
  (pattern: RegExp) =>
  (error: unknown): boolean =>
    isSluiceError(error, 'BAD_INPUT') && pattern.test(error.message)

describe('a certificate', () => {
  it('is read with its key, for the names it has', async () => {
    const files = await makeFiles()
    const { cert, key } = await readCertificate(files, '127.0.0.1')
    assert.equal(cert, await readFile(files.certificate, 'utf8'))
    assert.equal(key, await readFile(files.key, 'utf8'))
    await readCertificate(files, 'localhost')
  })

  it('is refused with another’s key, once it has ended, for another name, and where it is none', async () => {
    const [files, others] = [await makeFiles(), await makeFiles()]
    await assert.rejects(readCertificate({ ...files, key: others.key }), refused(/key .* is not that of/))
    await assert.rejects(readCertificate(await makeFiles({ endsAt: new Date(Date.now() - 1000) })), refused(/ended on/))
    const early = await makeFiles({ endsAt: new Date(Date.now() + 10 * 86_400_000) })
    await assert.rejects(readCertificate(early), refused(/begins on/))
    await assert.rejects(readCertificate(files, 'node.example'), refused(/not for node\.example/))
    await assert.rejects(readCertificate(files, '127.0.0.2'), refused(/not for 127\.0\.0\.2/))
    await assert.rejects(readCertificate({ ...files, certificate: files.key }), refused(/no certificate/))
    await assert.rejects(readCertificate({ ...files, key: files.certificate }), refused(/no private key/))
    await assert.rejects(readCertificate({ ...files, key: join(directory, 'none') }), refused(/cannot be read/))
  })

  it('is refused where one of those that it rests on is cut off', async () => {
    const files = await makeFiles()
    const own = await readFile(files.certificate, 'utf8')
    await writeFile(files.certificate, `${own}\n${own.slice(0, own.length / 2)}`)
    await assert.rejects(readCertificate(files), refused(/cannot be presented/))
  })

  it('is refused where the file is longer than any', async () => {
    const files = await makeFiles()
    await writeFile(files.certificate, 'x'.repeat(300_000))
    await assert.rejects(readCertificate(files), refused(/cannot be read/))
  })
})

describe('a listener with a certificate', () => {
  async function listen(files: CertificateFiles) {
    const listener = await bindListener('127.0.0.1', 0, { certificate: await readCertificate(files) })
    cleanup.add(() => listener.close(0))
    listener.serve(new Hono().get('/', (context) => context.text('here')))
    return listener
  }

  /** What is presented to who connects now. */
  async function presented(port: number): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { raw } = socket.getPeerCertificate()
    socket.destroy()
    return new X509Certificate(raw).fingerprint256
  }

  const fingerprint = async ({ certificate }: CertificateFiles) =>
    new X509Certificate(await readFile(certificate)).fingerprint256

  it('speaks TLS alone', async () => {
    const files = await makeFiles()
    const { origin, port } = await listen(files)
    assert.equal(origin, `https://127.0.0.1:${port}`)
    assert.equal(await presented(port), await fingerprint(files))
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
  })

  it('presents the next one once both of its files are there, and the former till then', async () => {
    const files = await makeFiles()
    const { port, renew } = await listen(files)
    assert.ok(renew)
    const changes = { renewed: Promise.withResolvers<void>(), refused: Promise.withResolvers<unknown>() }
    const unfollow = followCertificate({
      files,
      intervalMs: 20,
      onRenewed: (certificate) => {
        renew(certificate)
        changes.renewed.resolve()
      },
      onRefused: changes.refused.resolve,
    })
    cleanup.add(unfollow)
    const [before, next] = [await fingerprint(files), await makeFiles()]

    const wanted = await fingerprint(next)
    await rename(next.certificate, files.certificate)
    assert.ok(refused(/key .* is not that of/)(await changes.refused.promise))
    assert.equal(await presented(port), before)

    await rename(next.key, files.key)
    await changes.renewed.promise
    assert.equal(await presented(port), wanted)
  })
})
