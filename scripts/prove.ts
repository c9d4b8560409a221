/**
 * Proves the arithmetic of channels for all arguments: solc's SMTChecker over the assertions of ChannelProofs.sol, and z3
 * over the packed words of words.smt2. Exits 1 for a statement that does not hold, and for one that restates what the
 * contracts no longer say. Without z3, and without the right to install it, says so and does nothing.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { prepareEnvironment } from './lib/environment.ts'
import { requireProgram, Z3 } from './lib/system.ts'
import { askZ3, checkContract } from './prove/smt-checker.ts'
import type { Verdict } from './prove/smt-checker.ts'

const CONTRACT = { file: 'test/contracts/proofs/ChannelProofs.sol', name: 'ChannelProofs' }
const WORDS = 'test/contracts/proofs/words.smt2'

/** Each `echo` of the file names the query that follows. */
function checkWords(z3: string): Verdict[] {
  const lines = askZ3(z3, readFileSync(WORDS, 'utf8')).trim().split('\n')
  const answers = { unsat: 'proved', sat: 'violated', unknown: 'unproved' } as const
  return lines.flatMap((line, at) => {
    if (!(line in answers)) return []
    return [{ statement: lines[at - 1] ?? '', outcome: answers[line as keyof typeof answers] }]
  })
}

/** Lines `restates File.sol: code` whose code is not in that file any more, blanks aside. */
function staleRestatements(): string[] {
  const strip = (text: string) => text.replaceAll(/\s+/g, '')
  const contracts = new Map(globSync('contracts/**/*.sol').map((path) => [basename(path), path]))
  return [CONTRACT.file, WORDS].flatMap((proof) =>
    [...readFileSync(proof, 'utf8').matchAll(/restates (\w+\.sol): (.*)/g)].flatMap(([line, name = '', code = '']) => {
      const path = contracts.get(name)
      return path !== undefined && strip(readFileSync(path, 'utf8')).includes(strip(code)) ? [] : [`${proof}: ${line}`]
    }),
  )
}

function report(title: string, verdicts: readonly Verdict[]): void {
  const proved = verdicts.filter(({ outcome }) => outcome === 'proved').length
  console.log(`${title}: ${proved} of ${verdicts.length} proved`)
  for (const { statement, outcome } of verdicts) console.log(`  ${outcome.padEnd(9)} ${statement}`)
  // No statement at all means that nothing was asked.
  if (verdicts.length === 0 || verdicts.some(({ outcome }) => outcome === 'violated')) process.exitCode = 1
}

prepareEnvironment()
const stale = staleRestatements()
for (const line of stale) console.error(`not in the contract any more: ${line}`)
if (stale.length > 0) process.exitCode = 1
const z3 = await requireProgram(Z3).catch((error: unknown) => {
  console.log(`Nothing was proved. ${error instanceof Error ? error.message : String(error)}`)
})
if (z3 !== undefined) {
  report(CONTRACT.file, checkContract(z3, CONTRACT.file, CONTRACT.name))
  report(WORDS, checkWords(z3))
}
