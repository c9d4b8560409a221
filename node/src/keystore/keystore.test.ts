import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { signDigest, verifyDigest } from '@sluice/sdk/session'
import { keccak256 } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { loadKeeperSecret, loadNodeKeys, openKeystore } from './index.ts'

const COST = 2 ** 12
let directory = ''
before(async () => (directory = await mkdtemp(join(tmpdir(), 'sluice-keystore-'))))
after(() => rm(directory, { recursive: true }))

describe('keystore', () => {
  it('gives the same keys after it is opened again', async () => {
    const path = join(directory, 'same', 'keystore.json')
    const operatorKey = generatePrivateKey()
    const first = await loadNodeKeys(await openKeystore(path, 'correct horse', { cost: COST }), operatorKey)
    const again = await openKeystore(path, 'correct horse', { cost: COST })
    const second = await loadNodeKeys(again)
    assert.ok(first.identity.equals(second.identity))
    assert.equal(second.operator.address, privateKeyToAccount(operatorKey).address)
    assert.deepEqual(second.session.publicKey, first.session.publicKey)
    const digest = keccak256('0x01')
    assert.ok(await verifyDigest(first.session.publicKey, digest, await signDigest(second.session, digest)))
    assert.equal(second.session.privateKey.extractable, false)
    await assert.rejects(loadNodeKeys(again, generatePrivateKey()), /another operator wallet/)
  })

  it('refuses a wrong passphrase with KEYSTORE_LOCKED', async () => {
    const path = join(directory, 'locked', 'keystore.json')
    const keystore = await openKeystore(path, 'correct horse', { cost: COST })
    await loadKeeperSecret(keystore, () => new Uint8Array(32).fill(7))
    await assert.rejects(openKeystore(path, 'wrong horse', { cost: COST }), (error) =>
      isSluiceError(error, 'KEYSTORE_LOCKED'),
    )
  })

  it('keeps the file to its owner and the secret out of it', async () => {
    const path = join(directory, 'mode', 'keystore.json')
    const keystore = await openKeystore(path, 'correct horse', { cost: COST })
    await keystore.set('keeper', new Uint8Array(32).fill(0xab))
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.ok(!(await readFile(path, 'utf8')).includes('abababab'))
  })

  it('refuses a damaged entry with STORE_CORRUPT', async () => {
    const path = join(directory, 'damaged', 'keystore.json')
    await (await openKeystore(path, 'correct horse', { cost: COST })).set('keeper', new Uint8Array(32))
    const file = JSON.parse(await readFile(path, 'utf8')) as { secrets: { keeper: { tag: string } } }
    file.secrets.keeper.tag = '00'.repeat(16)
    await writeFile(path, JSON.stringify(file))
    await assert.rejects(openKeystore(path, 'correct horse', { cost: COST }), (error) =>
      isSluiceError(error, 'STORE_CORRUPT'),
    )
  })
})
