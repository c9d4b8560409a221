import type { Mutant, Subject } from './mutant.ts'

const KEYS = 'ContentKeys.sol'
const CREDITS = 'credits/Credits.sol'
const RECORD = 'libraries/EditionRecord.sol'

const SALE: readonly Mutant[] = [
  { file: KEYS, what: 'the referral share is paid twice', from: 'shared -= referral;', to: '' },
  { file: KEYS, what: 'the first payee gets the others’ shares too', from: 'rest -= part;', to: '' },
  {
    file: KEYS,
    what: 'what is left of a split is lost',
    from: '_credit(edition.payouts[0].to, token, rest);',
    to: '',
  },
  { file: KEYS, what: 'a key is sold whatever is sent', from: '_requireValue(token, paid);', to: '' },
  { file: KEYS, what: 'tokens are not collected', from: '_collect(token, paid);', to: '' },
  { file: KEYS, what: 'the change is kept', from: '_returnExcess(token, paid);', to: '' },
  { file: KEYS, what: 'a sale is not counted', from: 'edition.sell(order.editionId, order.quantity);', to: '' },
  {
    file: KEYS,
    what: 'any price is accepted',
    from: 'if (price > order.maxPrice) revert ContentKeys_PriceAbove(price, order.maxPrice);',
    to: '',
  },
  {
    file: KEYS,
    what: 'any lockbox is accepted',
    from: 'if (edition.epoch != order.epoch) {',
    to: 'if (false) {',
  },
  {
    file: KEYS,
    what: 'several keys cost as much as one',
    from: 'return (edition.token, price * order.quantity);',
    to: 'return (edition.token, price);',
  },
  {
    file: RECORD,
    what: 'one key more than the maximum is sold',
    from: 'if (quantity > available) {',
    to: 'if (quantity > available + 1) {',
  },
]

const HOLDING: readonly Mutant[] = [
  {
    file: KEYS,
    what: 'a timed key opens in the second it ends',
    from: 'return block.timestamp < _expiresAt[editionId][holder];',
    to: 'return block.timestamp <= _expiresAt[editionId][holder];',
  },
  {
    file: KEYS,
    what: 'a renewal forgets the term that runs',
    from: 'uint256 start = current > block.timestamp ? current : block.timestamp;',
    to: 'uint256 start = block.timestamp;',
  },
  {
    file: KEYS,
    what: 'bound keys change hands',
    from: 'if (!_editions[ids[i]].transferable) revert ContentKeys_NotTransferable(ids[i]);',
    to: '',
  },
  {
    file: KEYS,
    what: 'an older epoch replaces the lockbox',
    from: 'if (epoch <= edition.epoch) revert ContentKeys_EpochStale(editionId, epoch, edition.epoch);',
    to: '',
  },
]

/** What the market shares. */
const MONEY: readonly Mutant[] = [
  {
    file: CREDITS,
    what: 'a credit is withdrawn again and again',
    from: 'delete _credits[account][token];',
    to: '',
  },
  {
    file: CREDITS,
    what: 'whoever calls is paid',
    from: '_send(token, account, paid);',
    to: '_send(token, msg.sender, paid);',
  },
  {
    file: CREDITS,
    what: 'a credit replaces the one before',
    from: '_credits[account][token] += amount;',
    to: '_credits[account][token] = amount;',
  },
  {
    file: CREDITS,
    what: 'a key is sold for a wei less',
    from: 'if (msg.value < cost) revert',
    to: 'if (msg.value + 1 < cost) revert',
  },
  {
    file: CREDITS,
    what: 'coin sent for a sale in tokens is kept',
    from: '} else if (msg.value != 0) {',
    to: '} else if (false) {',
  },
  {
    file: CREDITS,
    what: 'tokens that take a fee are accepted',
    from: 'if (received != cost) revert Credits_FeeOnTransfer(token, received, cost);',
    to: '',
  },
  {
    file: CREDITS,
    what: 'the price comes back with the change',
    from: '_send(token, msg.sender, msg.value - cost);',
    to: '_send(token, msg.sender, msg.value);',
  },
]

export const contentKeys: Subject = {
  name: 'ContentKeys',
  invariants: ['invariants/ContentKeys.t.sol', 'invariants/Keys*.sol'],
  tests: [
    'ContentKeys.buy.test.ts',
    'ContentKeys.test.ts',
    'ContentKeys.update.test.ts',
    'credits/*.test.ts',
    'bugs/*.test.ts',
  ],
  mutants: [...SALE, ...HOLDING, ...MONEY],
}
