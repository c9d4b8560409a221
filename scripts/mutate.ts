/**
 * Breaks the contracts on purpose, one mistake at a time, and demands that the tests notice: first the invariants, then, for
 * what they cannot see (signatures, boundaries, errors), the subject's other tests. Exits 1 when a mutant survives.
 * `npm run mutate -- --only SliceChannels` takes one subject; `--from 12` goes on where a run ended.
 */
import { globSync } from 'node:fs'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { ROOT } from './lib/paths.ts'
import { runCommand } from './lib/run-command.ts'
import { contentKeys } from './mutants/content-keys.ts'
import { keyMarket } from './mutants/key-market.ts'
import type { Mutant, Subject } from './mutants/mutant.ts'
import { nodeRegistry } from './mutants/node-registry.ts'
import { sliceChannels } from './mutants/slice-channels.ts'
import { socialGraph } from './mutants/social-graph.ts'

const SUBJECTS: readonly Subject[] = [sliceChannels, contentKeys, keyMarket, nodeRegistry, socialGraph]

/** Below the root, so that packages are found; `cache` is not committed. */
const BENCH = join(ROOT, 'cache', 'mutants')
/** What the contracts' tests read. */
const PARTS = [
  'contracts',
  'test/contracts',
  'test/vectors',
  'sdk/src',
  'ignition/modules',
  'package.json',
  'tsconfig.base.json',
]

type Verdict = 'invariants' | 'tests' | 'survived'

async function prepareBench(): Promise<void> {
  await rm(BENCH, { recursive: true, force: true })
  await mkdir(BENCH, { recursive: true })
  for (const part of PARTS) await cp(join(ROOT, part), join(BENCH, part), { recursive: true })
  // The sdk has packages of its own where another version is at the root.
  await symlink(join(ROOT, 'sdk/node_modules'), join(BENCH, 'sdk/node_modules'))
  // What is looked for is in the source; without the IR a mutant is compiled in a third of the time.
  const config = await readFile(join(ROOT, 'hardhat.config.ts'), 'utf8')
  await writeFile(join(BENCH, 'hardhat.config.ts'), config.replace('viaIR: true', 'viaIR: false'))
}

function filesOf(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => globSync(`test/contracts/${glob}`, { cwd: BENCH }).sort())
}

/** Whether these tests pass. @throws when nothing could be compiled or no test ran: that proves nothing. */
async function passes(kind: 'solidity' | 'nodejs', files: readonly string[]): Promise<boolean> {
  const { exitCode, output } = await runCommand(['hardhat', 'test', kind, ...files], { cwd: BENCH })
  if (exitCode !== 0 && !/\b\d+ failing\b/.test(output)) throw new Error(output)
  return exitCode === 0
}

/** File by file, in the subject's order: the first that fails is enough. */
async function somethingFails(files: readonly string[]): Promise<boolean> {
  for (const file of files) if (!(await passes('nodejs', [file]))) return true
  return false
}

async function judge({ invariants, tests }: Subject, mutant: Mutant): Promise<Verdict> {
  const path = join(BENCH, 'contracts', mutant.file)
  const source = await readFile(path, 'utf8')
  if (source.split(mutant.from).length !== 2) throw new Error(`${mutant.file} does not have once: ${mutant.from}`)
  await writeFile(
    path,
    source.replace(mutant.from, () => mutant.to),
  )
  try {
    if (!(await passes('solidity', filesOf(invariants)))) return 'invariants'
    return (await somethingFails(filesOf(tests))) ? 'tests' : 'survived'
  } finally {
    await writeFile(path, source)
  }
}

async function judgeAll(subjects: readonly Subject[], from: number): Promise<number> {
  let number = 0
  let survivors = 0
  for (const subject of subjects) {
    for (const mutant of subject.mutants) {
      number += 1
      if (number < from) continue
      const verdict = await judge(subject, mutant)
      const mark = verdict === 'survived' ? '✖ survived' : `✔ killed by ${verdict}`
      console.log(`${String(number).padStart(3)} ${mark.padEnd(22)} ${subject.name}: ${mutant.what}`)
      if (verdict === 'survived') survivors += 1
    }
  }
  console.log(`${number - from + 1} mutants, ${survivors} survived`)
  return survivors
}

function select(only: string | undefined): readonly Subject[] {
  const subjects = SUBJECTS.filter(({ name }) => only === undefined || name === only)
  if (subjects.length > 0) return subjects
  console.error(`No subject is called ${only}. Subjects: ${SUBJECTS.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}

/** The number of the first mutant to judge, from 1. */
function numberOf(from: string, subjects: readonly Subject[]): number {
  const last = subjects.reduce((sum, { mutants }) => sum + mutants.length, 0)
  const number = /^\d+$/.test(from) ? Number(from) : 0
  if (number >= 1 && number <= last) return number
  console.error(`--from is "${from}", and the mutants are numbered from 1 to ${last}.`)
  process.exit(2)
}

const { values } = parseArgs({ options: { only: { type: 'string' }, from: { type: 'string', default: '1' } } })
const subjects = select(values.only)
const from = numberOf(values.from, subjects)
prepareEnvironment()
await prepareBench()
for (const { name, invariants, tests } of subjects) {
  if ((await passes('solidity', filesOf(invariants))) && !(await somethingFails(filesOf(tests)))) continue
  console.error(`The tests of ${name} fail as it is: mend that first.`)
  process.exit(1)
}
process.exitCode = (await judgeAll(subjects, from)) === 0 ? 0 : 1
