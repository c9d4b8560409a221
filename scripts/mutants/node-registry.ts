import type { Mutant, Subject } from './mutant.ts'

const file = 'nodes/NodeStake.sol'

const MUTANTS: readonly Mutant[] = [
  {
    file,
    what: 'a stake leaves a second late',
    from: 'if (block.timestamp < staked.availableAt) {',
    to: 'if (block.timestamp <= staked.availableAt) {',
  },
  {
    file,
    what: 'a request stays ripe for a second more',
    from: 'if (block.timestamp >= expiresAt) revert',
    to: 'if (block.timestamp > expiresAt) revert',
  },
  {
    file,
    what: 'what left is still at stake',
    from: 'uint96 rest = staked.amount - staked.leaving;',
    to: 'uint96 rest = staked.amount;',
  },
  {
    file,
    what: 'a request is paid again and again',
    from: '_stakes[msg.sender] = Staked({amount: rest, leaving: 0, availableAt: 0});',
    to: '_stakes[msg.sender].amount = rest;',
  },
  {
    file,
    what: 'a request takes what is staked after it',
    from: 'uint96 leaving = amount < stake ? uint96(amount) : stake;',
    to: 'uint96 leaving = uint96(amount);',
  },
  {
    file,
    what: 'more stake replaces what was there',
    from: 'uint256 amount = _stakes[msg.sender].amount + msg.value;',
    to: 'uint256 amount = msg.value;',
  },
]

export const nodeRegistry: Subject = {
  name: 'NodeRegistry',
  invariants: ['invariants/NodeRegistry.t.sol', 'invariants/Nodes*.sol'],
  tests: ['NodeRegistry.test.ts', 'nodes/*.test.ts'],
  mutants: MUTANTS,
}
