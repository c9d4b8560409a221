import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { markBranches } from './mark-branches.ts'
import { parseSolidity } from './solidity-ast.ts'

const inFunction = (body: string) => `contract C { function f(uint a, uint b) public pure { ${body} } }`
const conditionsIn = (body: string) =>
  markBranches(inFunction(body))
    .branches.filter(({ outcome }) => outcome)
    .map(({ condition }) => condition)

describe('markBranches', () => {
  it('finds the conditions of if, loops and choices, and both sides of and and or', () => {
    assert.deepEqual(conditionsIn('if (a > 1) a = 2; else if (a > 3) a = 4;').sort(), ['a > 1', 'a > 3'])
    assert.deepEqual(conditionsIn('for (uint i; i < a; ++i) {} while (b > 0) --b;').sort(), ['b > 0', 'i < a'])
    assert.deepEqual(conditionsIn('a = b > 1 ? a : b;'), ['b > 1'])
    const whole = 'a > 1 && b > 2 || a > 3'
    assert.deepEqual(conditionsIn(`if (${whole}) a = 1;`).sort(), ['a > 1', 'a > 1 && b > 2', whole, 'a > 3', 'b > 2'])
  })

  it('gives a source that parses, with every line where it was', () => {
    const source = inFunction('\n// –\nif (a > 1 &&\nb > 2 || (a == b ? a > 3 : b > 4)) {\n a = 1; }\n')
    const marked = markBranches(source)
    parseSolidity(marked.source)
    assert.deepEqual(
      marked.source.split('\n').findIndex((line) => line.includes('a = 1')),
      source.split('\n').findIndex((line) => line.includes('a = 1')),
    )
    assert.equal(marked.branches.find(({ condition }) => condition === 'b > 2')?.line, 4)
  })

  it('leaves assembly and what has no condition alone', () => {
    const source = inFunction('assembly { for {} lt(a, 1) {} { if b { a := 2 } } }')
    assert.deepEqual(markBranches(source), { source, branches: [] })
  })
})
