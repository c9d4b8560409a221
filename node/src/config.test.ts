import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { loadConfig } from './config.ts'

const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const FILE = `
name = "creator"
data_dir = "/var/lib/sluice"
roles = ["seeder", "keeper"]
[chain]
rpc_url = "http://127.0.0.1:8545"
id = 31337
registry = "${ADDRESS}"
keys = "${ADDRESS}"
market = "${ADDRESS}"
channels = "${ADDRESS}"
nodes = "${ADDRESS}"
social = "${ADDRESS}"
`
const directory = mkdtempSync(join(tmpdir(), 'sluice-config-'))
after(() => rmSync(directory, { recursive: true }))

const environment = { SLUICE_PASSPHRASE: 'correct horse' }
let count = 0
function file(text: string): string {
  const path = join(directory, `${count++}.toml`)
  writeFileSync(path, text)
  return path
}

function refuses(pattern: RegExp, source: Parameters<typeof loadConfig>[0]): void {
  assert.throws(
    () => loadConfig({ environment, ...source }),
    (error) => isSluiceError(error, 'BAD_INPUT') && pattern.test(error.message),
  )
}

describe('configuration', () => {
  it('takes overrides before the environment before the file', () => {
    const path = file(FILE)
    const fromFile = loadConfig({ file: path, environment })
    assert.equal(fromFile.name, 'creator')
    assert.deepEqual(fromFile.roles, ['seeder', 'keeper'])
    assert.equal(fromFile.admin.tokenFile, '/var/lib/sluice/admin.token')
    const withEnvironment = { ...environment, SLUICE_NAME: 'second', SLUICE_RPC_URL: 'http://127.0.0.1:1' }
    assert.equal(loadConfig({ file: path, environment: withEnvironment }).name, 'second')
    assert.equal(loadConfig({ file: path, environment: withEnvironment }).chain.rpcUrl, 'http://127.0.0.1:1')
    const overrides = { name: 'third', price: { amount: '12' } }
    const overridden = loadConfig({ file: path, environment: withEnvironment, overrides })
    assert.equal(overridden.name, 'third')
    assert.equal(overridden.price.amount, 12n)
  })

  it('speaks TLS at the public listener with a certificate and its key, and is then reached by https alone', () => {
    const tls = (lines: string) => ({ file: file(`${FILE}[public]\n${lines}`) })
    const pair = 'certificate = "/etc/tls/a.pem"\ncertificate_key = "/etc/tls/a.key"'
    assert.deepEqual(loadConfig({ ...tls(pair), environment }).public.tls, {
      certificate: '/etc/tls/a.pem',
      key: '/etc/tls/a.key',
    })
    assert.equal(loadConfig({ file: file(FILE), environment }).public.tls, undefined)
    refuses(/of use together alone/, tls('certificate = "/etc/tls/a.pem"'))
    refuses(/public\.url .*must be an https URL/, tls(`${pair}\nurl = "http://node.example"`))
  })

  it('takes part in no torrent’s swarm unless it is told to, and then by an IP address and announce URLs', () => {
    const { torrent } = loadConfig({ file: file(FILE), environment })
    assert.deepEqual(
      [torrent.enabled, torrent.host, torrent.tracker, torrent.trackers],
      [false, '127.0.0.1', false, []],
    )
    const path = file(`${FILE}[torrent]\nenabled = true\ntrackers = ["udp://a.example:1", "https://b.example"]\n`)
    assert.equal(loadConfig({ file: path, environment }).torrent.trackers.length, 2)
    refuses(/torrent\.trackers/, { file: file(`${FILE}[torrent]\ntrackers = ["ws://a.example"]\n`) })
    refuses(/torrent\.host/, { file: file(`${FILE}[torrent]\nhost = "a.example"\n`) })
  })

  it('splits lists in the environment at commas', () => {
    const config = loadConfig({ file: file(FILE), environment: { ...environment, SLUICE_ROLES: 'seeder, bootstrap' } })
    assert.deepEqual(config.roles, ['seeder', 'bootstrap'])
  })

  it('refuses unknown keys and names the known ones', () => {
    refuses(/no setting chain\.rpcurl/, { file: file(`${FILE}\nrpcurl = "x"`) })
  })

  it('says which key is wrong, what it was and what is allowed', () => {
    refuses(/chain\.poll_interval_ms .* whole number from 50 to 600000, not 3/, {
      file: file(`${FILE}\npoll_interval_ms = 3`),
    })
    refuses(/override chain\.keys must be an address, not "0x12"/, {
      file: file(FILE),
      overrides: { chain: { keys: '0x12' } },
    })
    refuses(/SLUICE_P2P_LISTEN must be a list of multiaddrs/, {
      file: file(FILE),
      environment: { ...environment, SLUICE_P2P_LISTEN: 'localhost:4001' },
    })
  })

  it('refuses an admin listener that is not on loopback', () => {
    refuses(/admin\.host must be loopback/, { file: file(FILE), overrides: { admin: { host: '0.0.0.0' } } })
  })

  it('names a missing setting and where to set it', () => {
    refuses(/chain\.rpc_url is missing/, { file: file('name = "x"') })
  })

  it('names the line of broken TOML', () => {
    refuses(/is not TOML \(line 2\)/, { file: file('name = "x"\nroles = [') })
  })

  it('reads the passphrase from a file', () => {
    writeFileSync(join(directory, 'pass'), 'battery staple\n')
    const overrides = { keystore: { passphrase_file: join(directory, 'pass') } }
    assert.equal(loadConfig({ file: file(FILE), environment: {}, overrides }).keystore.passphrase, 'battery staple')
  })
})
