import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import solc from 'solc'

/** A statement, and what the solver said to it. */
export type Verdict = { readonly statement: string; readonly outcome: 'proved' | 'violated' | 'unproved' }

type Message = {
  readonly severity: string
  readonly message: string
  readonly formattedMessage: string
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number }
}
type SmtSolver = (query: string) => { readonly contents: string }
type Reader = (path: string) => { readonly contents: string } | { readonly error: string }

/** Standard JSON in, standard JSON out; the package leaves it untyped. */
const compile = solc.compile as (input: string, callbacks: { import: Reader; smtSolver: SmtSolver }) => string

/** Effort after which z3 answers `unknown`: steps and not seconds, so that a slow machine proves the same. */
const EFFORT = 'rlimit=100000000'

/** Has z3 answer one query; its first line is `sat`, `unsat` or `unknown`. */
export function askZ3(z3: string, query: string): string {
  const { stdout, error } = spawnSync(z3, ['-smt2', '-in', EFFORT], { input: query, encoding: 'utf8' })
  if (error !== undefined) throw error
  return stdout
}

/** Runs solc's SMTChecker over the assertions and the arithmetic of one contract, with Horn clauses (its CHC engine). */
export function checkContract(z3: string, file: string, contract: string): Verdict[] {
  const modelChecker = {
    engine: 'chc',
    targets: ['assert', 'overflow', 'underflow', 'divByZero'],
    solvers: ['smtlib2'],
    contracts: { [file]: [contract] },
    showProvedSafe: true,
    showUnproved: true,
  }
  const sources = { [file]: { content: readFileSync(file, 'utf8') } }
  const settings = { evmVersion: 'osaka', modelChecker, outputSelection: {} }
  const answer = compile(JSON.stringify({ language: 'Solidity', sources, settings }), {
    import: readImport,
    smtSolver: (query) => ({ contents: askZ3(z3, query) }),
  })
  const messages = (JSON.parse(answer) as { errors?: Message[] }).errors ?? []
  const failed = messages.find(({ severity }) => severity === 'error')
  if (failed !== undefined) throw new Error(failed.formattedMessage)
  return messages.flatMap(toVerdict)
}

const OUTCOMES = [
  [/check is safe!/, 'proved'],
  [/might happen here/, 'unproved'],
  [/happens here/, 'violated'],
] as const

function toVerdict({ message, sourceLocation }: Message): Verdict[] {
  const outcome = OUTCOMES.find(([pattern]) => pattern.test(message))?.[1]
  if (outcome === undefined || sourceLocation === undefined) return []
  const { file, start, end } = sourceLocation
  const bytes = readFileSync(file)
  const line = bytes.subarray(0, start).toString().split('\n').length
  const what = /CHC: (\w+)/.exec(message)?.[1]?.toLowerCase() ?? ''
  const text = bytes.subarray(start, end).toString().replaceAll(/\s+/g, ' ')
  return [{ statement: `line ${line}: ${what === 'assertion' ? '' : `no ${what} in `}${text}`, outcome }]
}

function readImport(path: string): ReturnType<Reader> {
  const found = [path, `node_modules/${path}`].find((place) => existsSync(place))
  return found === undefined ? { error: `${path} is nowhere` } : { contents: readFileSync(found, 'utf8') }
}
