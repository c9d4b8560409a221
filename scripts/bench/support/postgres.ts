import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../harness/measurement.ts'
import { stopAtEnd } from './index-runs.ts'

const OWNER = 'bench'
/** Where Debian keeps the versions that are not in the path. */
const DEBIAN = '/usr/lib/postgresql'
const READY = 'database system is ready to accept connections'
/** Nothing here outlives the run: what guards against a crash costs time only. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

/** The folder of an installed Postgres' programs; undefined without one. */
export function findPostgres(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debian]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))))
}

/** Starts an empty Postgres on one core. Returns where it is, and what ends it. */
export async function startPostgres(bench: Bench, programs: string, core: number) {
  const directory = await bench.directory()
  const user = otherThanRoot()
  if (user !== undefined) await chown(directory, user.uid, user.gid)
  const data = join(directory, 'data')
  const options = ['--pgdata', data, '--username', OWNER, '--auth', 'trust', '--no-sync']
  await promisify(execFile)(join(programs, 'initdb'), options, { cwd: directory, ...user })
  const port = await freePort()
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = ['--cpu-list', String(core), join(programs, 'postgres'), '-D', data, ...settings]
  const child = spawn('taskset', postgres, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'], ...user })
  const stop = stopAtEnd(bench, child, 'SIGQUIT')
  await new Promise<void>((resolve, reject) => {
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4096)
      if (words.includes(READY)) resolve()
    })
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`Postgres ended with code ${code}:\n${words}`)))
  })
  return { url: `postgresql://${OWNER}@127.0.0.1:${port}/postgres`, stop }
}

/** Postgres refuses to be root. */
function otherThanRoot(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
