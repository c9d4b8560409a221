import type { Mutant, Subject } from './mutant.ts'

const CHANNELS = 'SliceChannels.sol'
const ESCROW = 'channels/Escrow.sol'
const SESSIONS = 'channels/Sessions.sol'

const CLAIMS: readonly Mutant[] = [
  {
    file: CHANNELS,
    what: 'a claim pays above the deposit',
    from: 'uint256 total = promised < channel.deposit ? promised : channel.deposit;',
    to: 'uint256 total = promised;',
  },
  {
    file: CHANNELS,
    what: 'a claim pays the whole total again',
    from: 'paid = total - channel.claimed;',
    to: 'paid = total;',
  },
  {
    file: CHANNELS,
    what: 'a claim remembers only what it paid',
    from: 'channel.claimed = uint96(total);',
    to: 'channel.claimed = uint96(paid);',
  },
  {
    file: CHANNELS,
    what: 'a tick is taken at its word',
    from: 'if (tickRoot != voucher.tickRoot) revert SliceChannels_TickInvalid(channelId, tickRoot, voucher.tickRoot);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a claim needs no signature',
    from: '_verify(channelId, claim_.descriptor.session, hashVoucher(voucher), claim_.signature);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a claim takes another channel’s voucher',
    from: 'if (voucher.channelId != channelId) revert SliceChannels_ChannelMismatch(voucher.channelId, channelId);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a batch pays above the deposit',
    from: 'if (total > deposit_) total = deposit_;',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a batch pays the whole total again',
    from: 'added = total - claimed;',
    to: 'added = total;',
  },
  {
    file: CHANNELS,
    what: 'a batch needs no signatures',
    from: '_verifyOfBatch(buffer, channelId, claim_);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a batch claims from closed channels',
    from: 'if (ChannelWord.isClosed(word)) return (channelId, 0, 0);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a batch pays whoever submits it',
    from: '_pay(token, payee, paid);',
    to: '_pay(token, msg.sender, paid);',
  },
  {
    file: CHANNELS,
    what: 'more ticks than the chain has are counted',
    from: 'if (ticks > maxTicks) revert SliceChannels_TicksExceeded(ticks, maxTicks);',
    to: '',
  },
  {
    file: 'libraries/PackedPromise.sol',
    what: 'a batch forgets the ticks',
    from: 'uint256(self.cumulative()) + uint256(self.ticks()) * self.tickValue();',
    to: 'uint256(self.cumulative());',
  },
  {
    file: 'libraries/ChannelWord.sol',
    what: 'a batch adds to the wrong bits',
    from: 'return word + (added << 96);',
    to: 'return word + (added << 95);',
  },
  {
    file: 'libraries/TickChain.sol',
    what: 'a chain is one link short',
    from: 'lt(i, ticks)',
    to: 'lt(add(i, 1), ticks)',
  },
  {
    file: 'libraries/SessionSignature.sol',
    what: 'the high-s twin of a signature is accepted',
    from: 'if (accepted && uint256(signature.s) <= _HALF_N) return true;',
    to: 'if (accepted) return true;',
  },
]

const OPENING: readonly Mutant[] = [
  {
    file: CHANNELS,
    what: 'an open is not paid for',
    from: '_debit(intent.payer, intent.token, amount);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'an open does not lower the allowance',
    from: '_draw(intent.payer, _sessionId(intent.session), intent.token, amount);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'an id is opened again',
    from: 'if (_channels[channelId].word != 0) revert SliceChannels_ChannelExists(channelId);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'an open needs no signature',
    from: '_verify(channelId, intent.session, hashOpenIntent(intent), signature);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'an intent is refused in its last second',
    from: 'if (block.timestamp > deadline)',
    to: 'if (block.timestamp >= deadline)',
  },
  {
    file: CHANNELS,
    what: 'a top-up is not paid for',
    from: '_debit(descriptor.payer, descriptor.token, added);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a top-up is spent without effect',
    from: 'if (newDeposit <= channel.deposit) {',
    to: 'if (newDeposit < channel.deposit) {',
  },
  {
    file: CHANNELS,
    what: 'a top-up raises a closing channel',
    from: `        if (channel.closesAt != 0) revert SliceChannels_ChannelClosing(channelId, channel.closesAt);
        uint96 newDeposit`,
    to: '        uint96 newDeposit',
  },
  {
    file: CHANNELS,
    what: 'a top-up takes back an exit',
    from: `        if (channel.closesAt != 0) revert SliceChannels_ChannelClosing(channelId, channel.closesAt);
        uint96 newDeposit`,
    to: '        channel.closesAt = 0;\n        uint96 newDeposit',
  },
]

const CLOSING: readonly Mutant[] = [
  {
    file: CHANNELS,
    what: 'anyone closes for the payee',
    from: `        // Check: the payee alone may give up what it could still claim.
        if (msg.sender != descriptor.payee) revert SliceChannels_NotPayee(msg.sender, descriptor.payee);`,
    to: '',
  },
  {
    file: CHANNELS,
    what: 'anyone asks to close for the payer',
    from: 'if (msg.sender != descriptor.payer) revert SliceChannels_NotPayer(msg.sender, descriptor.payer);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'the payee has no time to claim',
    from: 'uint256 closesAt = block.timestamp + channel.challenge;',
    to: 'uint256 closesAt = block.timestamp;',
  },
  {
    file: CHANNELS,
    what: 'a closing time is taken for closed',
    from: 'if (closesAt >= ChannelWord.CLOSED)',
    to: 'if (closesAt > ChannelWord.CLOSED)',
  },
  {
    file: CHANNELS,
    what: 'an exit is a second late',
    from: 'if (block.timestamp < channel.closesAt) {',
    to: 'if (block.timestamp <= channel.closesAt) {',
  },
  {
    file: CHANNELS,
    what: 'a channel is finalized that nobody asked to close',
    from: 'if (channel.closesAt == 0) revert SliceChannels_NotClosing(channelId);',
    to: '',
  },
  {
    file: CHANNELS,
    what: 'a close refunds what was claimed',
    from: 'uint96 rest = channel.deposit - channel.claimed;',
    to: 'uint96 rest = channel.deposit;',
  },
  {
    file: CHANNELS,
    what: 'a close leaves the channel open',
    from: 'channel.closesAt = ChannelWord.CLOSED;',
    to: 'channel.closesAt = 0;',
  },
  {
    file: CHANNELS,
    what: 'a close refunds the payee',
    from: '_credit(descriptor.payer, descriptor.token, rest);',
    to: '_credit(descriptor.payee, descriptor.token, rest);',
  },
  {
    file: CHANNELS,
    what: 'a close leaves the allowance down',
    from: '_restore(descriptor.payer, _sessionId(descriptor.session), descriptor.token, rest);',
    to: '',
  },
]

const MONEY: readonly Mutant[] = [
  {
    file: ESCROW,
    what: 'a withdrawal fails where less is there',
    from: 'paid = request.amount < balance ? request.amount : balance;',
    to: 'paid = request.amount;',
  },
  {
    file: ESCROW,
    what: 'a withdrawal is paid again and again',
    from: 'delete _withdrawals[msg.sender][token];',
    to: '',
  },
  {
    file: ESCROW,
    what: 'a withdrawal leaves the balance',
    from: '_balances[msg.sender][token] = balance - paid;',
    to: '',
  },
  {
    file: ESCROW,
    what: 'a withdrawal is a second late',
    from: 'if (block.timestamp < request.availableAt) {',
    to: 'if (block.timestamp <= request.availableAt) {',
  },
  {
    file: ESCROW,
    what: 'a withdrawal stays ripe for a second more',
    from: 'if (block.timestamp >= expiresAt)',
    to: 'if (block.timestamp > expiresAt)',
  },
  {
    file: ESCROW,
    what: 'tokens that take a fee are accepted',
    from: 'if (received != amount) revert SliceChannels_FeeOnTransfer(token, received, amount);',
    to: '',
  },
  {
    file: ESCROW,
    what: 'coin above the deposit is kept',
    from: 'if (msg.value != expected)',
    to: 'if (msg.value < expected)',
  },
  {
    file: ESCROW,
    what: 'a deposit replaces the balance',
    from: '_balances[payer][token] += amount;',
    to: '_balances[payer][token] = amount;',
  },
  {
    file: SESSIONS,
    what: 'a session draws in the second it ends',
    from: 'if (block.timestamp >= grant.expiry) {',
    to: 'if (block.timestamp > grant.expiry) {',
  },
  {
    file: SESSIONS,
    what: 'refunds raise the allowance above its limit',
    from: 'return amount < limit - remaining ? remaining + amount : limit;',
    to: 'return remaining + amount;',
  },
  {
    file: SESSIONS,
    what: 'a revoked allowance comes back with the next grant',
    from: 'return epoch + 1;',
    to: 'return epoch;',
  },
]

export const sliceChannels: Subject = {
  name: 'SliceChannels',
  invariants: ['invariants/SliceChannels.t.sol', 'invariants/Channels*.sol'],
  tests: ['SliceChannels.claim.test.ts', 'SliceChannels.test.ts', 'channels/*.test.ts', 'bugs/*.test.ts'],
  mutants: [...CLAIMS, ...OPENING, ...CLOSING, ...MONEY],
}
