import type { Mutant, Subject } from './mutant.ts'

const GRAPH = 'SocialGraph.sol'
const HANDLES = 'libraries/Handles.sol'

const BATCH: readonly Mutant[] = [
  {
    file: GRAPH,
    what: 'a nonce is not spent',
    from: 'if (_isSaid(refusal)) _nonces[action.wallet].set(action.nonce);',
    to: '',
  },
  {
    file: GRAPH,
    what: 'what is refused spends its nonce',
    from: 'if (_isSaid(refusal)) _nonces',
    to: '_nonces',
  },
  {
    file: GRAPH,
    what: 'what is so already spends no nonce',
    from: 'if (_isSaid(refusal)) _nonces',
    to: 'if (refusal == Refusal.None) _nonces',
  },
  {
    file: GRAPH,
    what: 'what is so already fails a call of the wallet’s own',
    from: 'if (!_isSaid(refusal)) revert',
    to: 'if (refusal != Refusal.None) revert',
  },
  {
    file: GRAPH,
    what: 'a spent nonce does again',
    from: 'if (_nonces[action.wallet].get(action.nonce)) return Refusal.NonceSpent;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'tomorrow’s word is taken today',
    from: 'if (block.timestamp < action.issuedAt) return Refusal.Early;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'the deadline’s own second is too late',
    from: 'block.timestamp > action.deadline',
    to: 'block.timestamp >= action.deadline',
  },
  {
    file: GRAPH,
    what: 'a session speaks for a second too long',
    from: 'action.session) <= block.timestamp)',
    to: 'action.session) < block.timestamp)',
  },
  {
    file: GRAPH,
    what: 'any session speaks for any wallet',
    from: 'action.session) <= block.timestamp)',
    to: 'action.session) < 0)',
  },
  {
    file: GRAPH,
    what: 'nobody need have signed',
    from: 'if (!action.session.isValid(hashAction(action), signature)) return Refusal.SignatureInvalid;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a batch may have any size',
    from: 'if (count > _MAX_BATCH) revert',
    to: 'if (count > 1000) revert',
  },
  {
    file: GRAPH,
    what: 'a target that is no address is cut to one',
    from: 'if (uint256(subject) > type(uint160).max) return Refusal.TargetInvalid;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a reaction above 255 is cut',
    from: 'if (uint256(value) > type(uint8).max) return Refusal.ValueInvalid;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'unfollowing follows',
    from: 'kind == uint8(ActionKind.Follow), action.issuedAt',
    to: 'true, action.issuedAt',
  },
  {
    file: GRAPH,
    what: 'a call of the wallet’s own is never refused',
    from: 'revert SocialGraph_Refused(refusal);',
    to: 'return;',
  },
]

const STATES: readonly Mutant[] = [
  {
    file: GRAPH,
    what: 'a late follow undoes an unfollow',
    from: 'if (time < previous.saidAt) return Refusal.Stale;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a follow that changes nothing is not remembered',
    from: '_ties[wallet][target] = Tie({following: following, saidAt: time});',
    to: 'if (following != previous.following) _ties[wallet][target] = Tie({following: following, saidAt: time});',
  },
  {
    file: GRAPH,
    what: 'a wallet follows itself',
    from: 'if (target == address(0) || target == wallet) return',
    to: 'if (target == address(0)) return',
  },
  {
    file: GRAPH,
    what: 'a late reaction replaces a newer one',
    from: 'if (time < regard.saidAt) return Refusal.Stale;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a reaction forgets the view beside it',
    from: '_regards[wallet][contentId] = regard;',
    to: '_regards[wallet][contentId] = Regard(kind, time, 0);',
  },
  {
    file: GRAPH,
    what: 'a late handle comes back after it was cleared',
    from: 'previous == bytes32(0) ? _clearedAt[wallet] :',
    to: 'previous == bytes32(0) ? 0 :',
  },
  {
    file: GRAPH,
    what: 'a handle is taken from another wallet',
    from: 'if (holder != address(0) && holder != wallet) return Refusal.HandleTaken;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'an old handle is never free again',
    from: 'if (previous != bytes32(0)) delete _holders[previous];',
    to: '',
  },
  {
    file: HANDLES,
    what: 'a handle may have two letters',
    from: '_MIN_LENGTH = 3',
    to: '_MIN_LENGTH = 2',
  },
  {
    file: HANDLES,
    what: 'a long handle passes for what it starts with',
    from: 'if (length > _MAX_LENGTH || ',
    to: 'if (',
  },
  {
    file: HANDLES,
    what: 'a handle with zeroes behind it passes for the handle',
    from: ' || handle[length - 1] == 0) return',
    to: ') return',
  },
]

const VIEWS: readonly Mutant[] = [
  {
    file: GRAPH,
    what: 'a view counts again on the same day',
    from: 'if (regard.viewedOn == today) return Refusal.AlreadyViewed;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a view needs no key',
    from: 'if (!_KEYS.isEntitledBy(editionId, wallet)) return Refusal.NotEntitled;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a key to any content will do',
    from: 'if (_KEYS.contentOf(editionId) != contentId) return Refusal.EditionForeign;',
    to: '',
  },
  {
    file: GRAPH,
    what: 'a creator’s own views count',
    from: 'if (_REGISTRY.creatorOf(contentId) == wallet) return Refusal.OwnContent;',
    to: '',
  },
]

export const socialGraph: Subject = {
  name: 'SocialGraph',
  invariants: ['invariants/SocialGraph.t.sol', 'invariants/SocialHandler.sol'],
  tests: ['SocialGraph*.test.ts'],
  mutants: [...BATCH, ...STATES, ...VIEWS],
}
