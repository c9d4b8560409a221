import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startDevNetwork } from './dev-network/dev-network.ts'
import { writeEnvFiles } from './dev-network/env-files.ts'
import { publishSamples } from './dev-network/samples.ts'
import { describeReady, summaryLines } from './dev-network/summary.ts'

const USAGE = `npm start -- [options]

  --no-app           leave the dApp out
  --port PORT        port of the dApp (3000)
  --ready-file FILE  write addresses, tokens and accounts there as JSON once all is up
  --no-samples       publish no sample content`

type StartOptions = { app: boolean; samples: boolean; port: number; readyFile: string | undefined }

const DEFAULT_PORT = 3000
const EXIT = { done: 0, failed: 1, usage: 2 }

async function run(options: StartOptions, signal: AbortSignal): Promise<void> {
  const started = performance.now()
  const onStep = (line: string) => console.error(`${seconds(started)}  ${line}`)
  const network = await startDevNetwork({ app: options.app, index: true, port: options.port, signal, onStep })
  const removeEnvFiles = await writeEnvFiles(network)
  try {
    if (options.samples) await publishSamples(network, { signal, onStep })
    if (options.readyFile !== undefined) {
      await writeFile(options.readyFile, `${JSON.stringify(describeReady(network), null, 2)}\n`, { mode: 0o600 })
    }
    onStep('ready')
    console.log(summaryLines(network).join('\n'))
    await aborted(signal)
    console.error('\nStopping…')
  } finally {
    await removeEnvFiles()
    await network.stop()
  }
}

function parseOptions(): StartOptions {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      app: { type: 'boolean', default: true },
      samples: { type: 'boolean', default: true },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      'ready-file': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) throw new TypeError(USAGE)
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new TypeError(`--port must be a number from 0 to 65535, not "${values.port}".\n\n${USAGE}`)
  }
  return { app: values.app, samples: values.samples, port: Number(values.port), readyFile: values['ready-file'] }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s`
}

async function main(): Promise<number> {
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort()).once('SIGTERM', () => abort.abort())
  let options: StartOptions
  try {
    options = parseOptions()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return EXIT.usage
  }
  try {
    await run(options, abort.signal)
    return EXIT.done
  } catch (error) {
    if (abort.signal.aborted) return EXIT.done
    console.error(error instanceof Error ? error.message : String(error))
    return EXIT.failed
  }
}

process.exitCode = await main()
