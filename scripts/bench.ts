import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { runMeasurement } from './bench/harness/run-measurement.ts'
import type { Measurement, Result } from './bench/harness/measurement.ts'
import { formatTable } from './bench/harness/table.ts'
import { MEASUREMENTS } from './bench/measurements.ts'
import { prepareEnvironment } from './lib/environment.ts'

const USAGE = `npm run bench -- [options]

  --only PREFIX  measure what has a name that starts so, as in "gas" or "transfer.ws"
  --json FILE    write the results there: [{name, value, unit, peer?, ratio?}]
  --large        large files have 4 GiB instead of 1 GiB`

type BenchOptions = { only: string; json: string | undefined; large: boolean }

const GIB = 2 ** 30
const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 }

function parseOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      large: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) throw new TypeError(USAGE)
  const names = MEASUREMENTS.flatMap((measurement) => measurement.names)
  if (!names.some((name) => name.startsWith(values.only))) {
    throw new TypeError(`--only "${values.only}" matches nothing. There are:\n  ${names.join('\n  ')}\n\n${USAGE}`)
  }
  return { only: values.only, json: values.json, large: values.large }
}

/** Measures what was asked for, one after the other. Returns the names of what failed. */
async function run(options: BenchOptions, signal: AbortSignal): Promise<string[]> {
  const isWanted = (name: string) => name.startsWith(options.only)
  const results: Result[] = []
  const failed: string[] = []
  for (const measurement of MEASUREMENTS.filter(({ names }) => names.some(isWanted))) {
    if (signal.aborted) break
    const missing = measurement.missing?.()
    if (missing !== undefined) {
      console.error(`– ${titleOf(measurement)}: ${missing}`)
      continue
    }
    try {
      const given = await runMeasurement(measurement, { signal, largeBytes: options.large ? 4 * GIB : GIB })
      results.push(...given.filter(({ name }) => isWanted(name)))
      console.error(`✔ ${titleOf(measurement)}`)
    } catch (error) {
      failed.push(titleOf(measurement))
      console.error(`✖ ${titleOf(measurement)}: ${describe(error)}`)
    }
  }
  console.log(formatTable(results).join('\n'))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
  return failed
}

function titleOf({ names: [first = '', ...others] }: Measurement): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : (error.stack ?? error.message)
}

async function main(): Promise<number> {
  prepareEnvironment()
  const abort = new AbortController()
  process.on('SIGINT', () => abort.abort()).on('SIGTERM', () => abort.abort())
  let options: BenchOptions
  try {
    options = parseOptions()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return EXIT.usage
  }
  const failed = await run(options, abort.signal)
  if (abort.signal.aborted) return EXIT.interrupted
  if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
  return failed.length > 0 ? EXIT.failed : EXIT.done
}

process.exitCode = await main()
