import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DevNetwork } from './dev-network.ts'

const DIRECTORY = fileURLToPath(new URL('../../.sluice/', import.meta.url))

/**
 * Writes one file a role with what the command line reads, for `source .sluice/consumer.env`. A second network on the
 * same checkout replaces the first one's. Returns how to remove them.
 */
export async function writeEnvFiles({ nodes, accounts }: DevNetwork): Promise<() => Promise<void>> {
  await mkdir(DIRECTORY, { recursive: true, mode: 0o700 })
  const files: string[] = []
  for (const { role, privateKey } of accounts) {
    // The second consumer has a wallet and no node; it borrows the first one's.
    const node = nodes.find(({ name }) => name === role) ?? nodes.at(-1)
    if (node === undefined) continue
    const variables = {
      SLUICE_API_URL: node.apiUrl,
      SLUICE_API_TOKEN: node.apiToken,
      SLUICE_PRIVATE_KEY: privateKey,
    }
    const path = join(DIRECTORY, `${role}.env`)
    const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`)
    await writeFile(path, lines.join(''), { mode: 0o600 })
    files.push(path)
  }
  return async () => {
    for (const path of files) await rm(path, { force: true })
  }
}
