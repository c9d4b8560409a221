import type { Mutant, Subject } from './mutant.ts'

const file = 'KeyMarket.sol'

const MUTANTS: readonly Mutant[] = [
  {
    file,
    what: 'a listing sells in the second it ends',
    from: 'if (block.timestamp >= listing.expiry) revert',
    to: 'if (block.timestamp > listing.expiry) revert',
  },
  { file, what: 'the royalty is kept', from: '_credit(creator, order.token, royalty);', to: '' },
  {
    file,
    what: 'the seller gets the royalty too',
    from: '_credit(order.seller, order.token, paid - royalty);',
    to: '_credit(order.seller, order.token, paid);',
  },
  {
    file,
    what: 'a listing never shrinks',
    from: 'else listing.quantity -= uint64(order.quantity);',
    to: '',
  },
  {
    file,
    what: 'any price is accepted',
    from: 'if (price > order.maxPrice) revert KeyMarket_PriceAbove(price, order.maxPrice);',
    to: '',
  },
  {
    file,
    what: 'a price in another token is accepted',
    from: 'if (order.token != listing.token) revert KeyMarket_TokenMismatch(order.token, listing.token);',
    to: '',
  },
  {
    file,
    what: 'any lockbox is accepted',
    from: 'if (order.epoch != current) revert KeyMarket_EpochMismatch(order.editionId, order.epoch, current);',
    to: '',
  },
  {
    file,
    what: 'a royalty above the price is not named',
    from: 'if (royalty > paid) revert KeyMarket_RoyaltyTooHigh(royalty, paid);',
    to: '',
  },
  { file, what: 'keys are sold whatever is sent', from: '_requireValue(order.token, paid);', to: '' },
  { file, what: 'tokens are not collected', from: '_collect(order.token, paid);', to: '' },
  { file, what: 'the change is kept', from: '_returnExcess(order.token, paid);', to: '' },
]

export const keyMarket: Subject = {
  name: 'KeyMarket',
  invariants: ['invariants/KeyMarket.t.sol', 'invariants/Market*.sol'],
  tests: ['KeyMarket*.test.ts', 'bugs/*.test.ts'],
  mutants: MUTANTS,
}
