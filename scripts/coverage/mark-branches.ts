import { isNode, parseSolidity, walk } from './solidity-ast.ts'
import type { AstNode } from './solidity-ast.ts'

/** One way that one condition can go. */
export type Branch = {
  readonly line: number
  /** The condition, as it is written. */
  readonly condition: string
  readonly outcome: boolean
  /** Name of the function that is called when it goes this way. */
  readonly marker: string
}

type Insertion = { readonly at: number; readonly text: string }

/**
 * Makes the outcomes of conditions visible to a tool that sees statements only: each condition `c` becomes
 * `((c) ? markTrue() : markFalse())`, where the two are functions of one statement. Conditions are those of `if`, loops
 * and `?:`, and both sides of `&&` and `||`. Lines stay where they are; the functions go into one more at the end.
 */
export function markBranches(source: string): { source: string; branches: Branch[] } {
  const conditions = findConditions(parseSolidity(source))
  if (conditions.length === 0) return { source, branches: [] }
  const bytes = Buffer.from(source)
  const branches: Branch[] = []
  const insertions: Insertion[] = []
  for (const [index, { start, end }] of conditions.entries()) {
    const condition = bytes.subarray(start, end).toString().replaceAll(/\s+/g, ' ')
    const line = bytes.subarray(0, start).toString().split('\n').length
    const [whenTrue, whenFalse] = [`__branch${index}True`, `__branch${index}False`]
    branches.push({ line, condition, outcome: true, marker: whenTrue })
    branches.push({ line, condition, outcome: false, marker: whenFalse })
    insertions.push({ at: start, text: '((' })
    insertions.push({ at: end, text: `) ? ${whenTrue}() : ${whenFalse}())` })
  }
  const functions = branches.map(
    ({ marker, outcome }) => `function ${marker}() pure returns (bool) { return ${outcome}; }`,
  )
  return { source: `${insert(bytes, insertions)}\n${functions.join(' ')}\n`, branches }
}

type Span = { readonly start: number; readonly end: number }

/** Each once; outer conditions before those inside them. */
function findConditions(file: AstNode): Span[] {
  const found = new Map<string, Span>()
  for (const code of walk(file)) {
    if (code.nodeType !== 'FunctionDefinition' && code.nodeType !== 'ModifierDefinition') continue
    for (const node of walk(code)) {
      for (const condition of conditionsOf(node)) {
        const [start = 0, length = 0] = condition.src.split(':').map(Number)
        found.set(condition.src, { start, end: start + length })
      }
    }
  }
  return [...found.values()]
}

/** Assembly has conditions of its own, into which nothing can be put. */
const BRANCHING = new Set(['IfStatement', 'ForStatement', 'WhileStatement', 'DoWhileStatement', 'Conditional'])

function conditionsOf(node: AstNode): AstNode[] {
  if (BRANCHING.has(node.nodeType)) return [node['condition']].filter(isNode)
  const isLogical = node.nodeType === 'BinaryOperation' && (node.operator === '&&' || node.operator === '||')
  return isLogical ? [node['leftExpression'], node['rightExpression']].filter(isNode) : []
}

/** Where two meet, what closes comes before what opens, and inner parts close before outer ones. */
function insert(bytes: Buffer, insertions: readonly Insertion[]): string {
  const opening = (text: string) => text === '(('
  const closers = insertions.filter(({ text }) => !opening(text)).reverse()
  const openers = insertions.filter(({ text }) => opening(text))
  const sorted = [...closers, ...openers].sort((a, b) => a.at - b.at)
  let [result, done] = ['', 0]
  for (const { at, text } of sorted) {
    result += bytes.subarray(done, at).toString() + text
    done = at
  }
  return result + bytes.subarray(done).toString()
}

/** By the name that Hardhat gives a source: what is deployed counts, mocks and tests do not. */
export function isMeasured(sourceName: string): boolean {
  return sourceName.startsWith('project/contracts/')
}
