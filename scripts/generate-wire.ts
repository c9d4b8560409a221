/**
 * Writes `sdk/src/wire/generated/` from `sluice.proto`. With `--check` it writes nothing and exits 1 when it is stale.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wire = join(root, 'sdk/src/wire')
const file = 'generated/sluice_pb.ts'

function generate(output: string): void {
  const bin = join(root, 'node_modules/.bin')
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` }
  execFileSync(join(bin, 'buf'), ['generate', '--output', output], { cwd: wire, env, stdio: 'inherit' })
}

async function isStale(): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-wire-'))
  try {
    generate(scratch)
    const [fresh, committed] = await Promise.all([
      readFile(join(scratch, file), 'utf8'),
      readFile(join(wire, file), 'utf8').catch(() => ''),
    ])
    return fresh !== committed
  } finally {
    await rm(scratch, { recursive: true })
  }
}

if (process.argv.includes('--check')) {
  if (await isStale()) {
    console.error(`sdk/src/wire/${file} is stale: run node scripts/generate-wire.ts and commit what it writes`)
    process.exitCode = 1
  }
} else {
  generate('.')
}
