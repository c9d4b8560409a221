import { globSync, readFileSync } from 'node:fs'
import { addStatementCoverageInstrumentation, latestSupportedSolidityVersion } from '@nomicfoundation/edr'
import { markBranches } from './mark-branches.ts'

/** Something that should run: a statement, or one way that a condition can go. */
export type Goal = {
  readonly kind: 'statement' | 'branch'
  readonly line: number
  /** What is missing when it never ran. */
  readonly text: string
  readonly hit: boolean
}

/** Tags of all statements that ran, in the Solidity and in the TypeScript tests. */
export function readHits(): Set<string> {
  const files = globSync('coverage/data/{solidity,nodejs}/*.json')
  return new Set(files.flatMap((file) => Object.keys(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>)))
}

/** What could run in one source, and whether it did. Instruments it again: tags follow from the text. */
export function readGoals(path: string, hits: ReadonlySet<string>): Goal[] {
  const original = readFileSync(path, 'utf8')
  const { source, branches } = markBranches(original)
  const branchOf = new Map(branches.map((branch) => [branch.marker, branch]))
  const { metadata } = addStatementCoverageInstrumentation(
    source,
    `project/${path}`,
    // What Hardhat takes for a compiler that is newer than its parser.
    latestSupportedSolidityVersion(),
  )
  const lines = original.split('\n')
  return metadata.map(({ tag, startUtf16, endUtf16 }): Goal => {
    const hit = hits.has(Buffer.from(tag).toString('hex'))
    const branch = branchOf.get(markerBefore(source, startUtf16))
    if (branch !== undefined) {
      return { kind: 'branch', line: branch.line, text: `${branch.condition} is ${branch.outcome}`, hit }
    }
    const start = startUtf16 + triviaLength(source.slice(startUtf16, endUtf16))
    const line = source.slice(0, start).split('\n').length
    return { kind: 'statement', line, text: lines[line - 1]?.trim() ?? '', hit }
  })
}

/** By number: whether every statement that starts in the line ran. */
export function linesOf(goals: readonly Goal[]): Map<number, boolean> {
  const lines = new Map<number, boolean>()
  for (const { kind, line, hit } of goals) if (kind === 'statement') lines.set(line, hit && (lines.get(line) ?? true))
  return lines
}

/** The marker whose body starts here, if one does. */
function markerBefore(source: string, bodyAt: number): string {
  return /function (\w+)\(\) pure returns \(bool\) \{$/.exec(source.slice(0, bodyAt).slice(-100))?.[1] ?? ''
}

/** Blanks and comments before a statement. */
function triviaLength(text: string): number {
  return /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*/.exec(text)?.[0].length ?? 0
}
