import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import solc from 'solc'
import type { Abi, Hex } from 'viem'

export type Artifact = { readonly abi: Abi; readonly bytecode: Hex }

const HERE = new URL('.', import.meta.url)
const ROOT = new URL('../..', HERE)

/** An artifact of a package that is installed here. */
export function readInstalled(path: string): Artifact {
  const file = new URL(`node_modules/${path}`, HERE)
  if (!existsSync(file)) throw new Error(`${path} is missing: npm ci in ${fileURLToPath(HERE)}`)
  return readArtifactFile(fileURLToPath(file))
}

export function readArtifactFile(path: string): Artifact {
  const { abi, bytecode } = JSON.parse(readFileSync(path, 'utf8')) as Artifact
  return { abi, bytecode }
}

/** Compiles a contract of `contracts/` with the settings of our own. */
export function compile(name: string): Artifact {
  const read = (path: string) => {
    const places = [new URL(path, HERE), new URL(`node_modules/${path}`, ROOT)]
    const found = places.find((place) => existsSync(place))
    return found === undefined ? { error: `${path} is nowhere` } : { contents: readFileSync(found, 'utf8') }
  }
  const file = `contracts/${name}.sol`
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: readFileSync(new URL(file, HERE), 'utf8') } },
    settings: {
      optimizer: { enabled: true, runs: 100_000 },
      evmVersion: 'osaka',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const run = solc.compile as (input: string, callbacks: { import: typeof read }) => string
  const output = JSON.parse(run(JSON.stringify(input), { import: read })) as {
    errors?: readonly { severity: string; formattedMessage: string }[]
    contracts?: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
  }
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  const contract = output.contracts?.[file]?.[name]
  if (errors.length > 0 || contract === undefined) {
    throw new Error([`${file} does not compile`, ...errors.map((error) => error.formattedMessage)].join('\n'))
  }
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }
}
