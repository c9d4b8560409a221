import { mkdir, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { stringify } from 'smol-toml'
import { SluiceError } from '@sluice/sdk'
import { CONTRACT_NAMES, contractsBy } from '@sluice/sdk/chain'
import type { SluiceContracts } from '@sluice/sdk/chain'
import { loadConfig } from '../config.ts'
import { loadNodeKeys, openKeystore } from '../keystore/index.ts'
import { outputOf } from './run.ts'

type InitOptions = {
  dir: string
  rpcUrl: string
  chainId: string
  bootstrap: string[]
} & Record<keyof SluiceContracts, string>

export function registerInit(program: Command): void {
  const init = program
    .command('init')
    .description('Make a data directory with a configuration and keys for a new node')
    .option('--dir <directory>', 'data directory', join(homedir(), '.sluice'))
    .requiredOption('--rpc-url <url>', 'RPC endpoint of the chain')
    .requiredOption('--chain-id <id>', 'the chain’s id')
  for (const [member, name] of Object.entries(CONTRACT_NAMES)) init.requiredOption(`--${member} <address>`, name)
  init
    .option('--bootstrap <multiaddr...>', 'peers to start from', [])
    .action(async (options: InitOptions, command: Command) => {
      const made = await initialise(options)
      outputOf(command).result(made, [
        `Configuration: ${made.config}`,
        `Passphrase of the keystore: ${made.passphraseFile} (keep a copy elsewhere)`,
        `Operator wallet, send it some gas: ${made.wallet}`,
        `Peer id: ${made.peerId}`,
        `Start the node with: sluice start --config ${made.config}`,
      ])
    })
}

async function initialise(options: InitOptions) {
  const directory = resolve(options.dir)
  const config = join(directory, 'sluice.toml')
  const passphraseFile = join(directory, 'passphrase')
  if (await exists(config)) {
    throw new SluiceError('BAD_INPUT', `${config} exists already.`, { hint: 'Name another directory with --dir.' })
  }
  const settings = {
    data_dir: directory,
    chain: {
      rpc_url: options.rpcUrl,
      id: Number(options.chainId),
      ...contractsBy((name) => options[name]),
    },
    p2p: { bootstrap: options.bootstrap },
    keystore: { passphrase_file: passphraseFile },
  }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if (!(await exists(passphraseFile))) {
    await writeFile(passphraseFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  }
  // Read as the node will read it, so that what is wrong is said now and not at the first start.
  const checked = loadConfig({ overrides: settings })
  const keystore = await openKeystore(checked.keystorePath, checked.keystore.passphrase)
  const { identity, operator } = await loadNodeKeys(keystore)
  await writeFile(config, stringify(settings), { mode: 0o600 })
  return { config, passphraseFile, wallet: operator.address, peerId: identity.publicKey.toString() }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
