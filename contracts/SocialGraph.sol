// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IContentKeys} from "./interfaces/IContentKeys.sol";
import {IMetaHashRegistry} from "./interfaces/IMetaHashRegistry.sol";
import {ISliceChannels} from "./interfaces/ISliceChannels.sol";
import {ISocialGraph} from "./interfaces/ISocialGraph.sol";
import {Handles} from "./libraries/Handles.sol";
import {SessionSignature} from "./libraries/SessionSignature.sol";
import {SocialActions} from "./libraries/SocialActions.sol";

/// @title SocialGraph
/// @notice See {ISocialGraph}. No owner and no money; calls nothing but views of the three contracts it was made with.
contract SocialGraph is ISocialGraph, EIP712 {
    using BitMaps for BitMaps.BitMap;
    using SessionSignature for ISliceChannels.Session;
    using SocialActions for Action;

    /// @dev `saidAt` is when the state was last said to be what it is: of a wallet's call the block's time, of an action its
    /// `issuedAt`. It is never ahead of the block's time, so a call of the wallet's own is never stale.
    struct Holder {
        address wallet;
        uint64 saidAt;
    }

    struct Tie {
        bool following;
        uint64 saidAt;
    }

    /// @dev A wallet's reaction to a content and its last view of it: different facts in one slot.
    struct Regard {
        uint8 reaction;
        uint64 saidAt;
        uint32 viewedOn;
    }

    /// @dev Bounds what one call may cost, also where P-256 is verified in Solidity.
    uint256 private constant _MAX_BATCH = 64;

    ISliceChannels private immutable _CHANNELS;
    IContentKeys private immutable _KEYS;
    IMetaHashRegistry private immutable _REGISTRY;

    mapping(address wallet => bytes32 handle) private _handles;
    mapping(bytes32 handle => Holder holder) private _holders;
    /// @dev When a wallet was last said to have no handle; while it has one, the handle's holder knows.
    mapping(address wallet => uint64 saidAt) private _clearedAt;
    mapping(address wallet => mapping(address target => Tie tie)) private _ties;
    mapping(address wallet => mapping(bytes32 contentId => Regard regard)) private _regards;
    mapping(address wallet => BitMaps.BitMap spent) private _nonces;

    constructor(ISliceChannels channels, IContentKeys keys, IMetaHashRegistry registry) EIP712("Sluice Social", "1") {
        _CHANNELS = channels;
        _KEYS = keys;
        _REGISTRY = registry;
    }

    /// @inheritdoc ISocialGraph
    function setHandle(string calldata handle) external override {
        _require(_setHandle(msg.sender, Handles.pack(handle), uint64(block.timestamp)));
    }

    /// @inheritdoc ISocialGraph
    function follow(address target) external override {
        _require(_setFollowing(msg.sender, target, true, uint64(block.timestamp)));
    }

    /// @inheritdoc ISocialGraph
    function unfollow(address target) external override {
        _require(_setFollowing(msg.sender, target, false, uint64(block.timestamp)));
    }

    /// @inheritdoc ISocialGraph
    function react(bytes32 contentId, uint8 kind) external override {
        _require(_react(msg.sender, contentId, kind, uint64(block.timestamp)));
    }

    /// @inheritdoc ISocialGraph
    function comment(bytes32 contentId, bytes32 parent, bytes32 digest) external override {
        _require(_comment(msg.sender, contentId, parent, digest));
    }

    /// @inheritdoc ISocialGraph
    function recordView(bytes32 contentId, uint256 editionId) external override {
        _require(_recordView(msg.sender, contentId, editionId));
    }

    /// @inheritdoc ISocialGraph
    function submit(SignedAction[] calldata actions) external override returns (Refusal[] memory refusals) {
        uint256 count = actions.length;
        if (count > _MAX_BATCH) revert SocialGraph_BatchTooLarge(count, _MAX_BATCH);
        refusals = new Refusal[](count);
        for (uint256 i = 0; i < count; ++i) {
            Action calldata action = actions[i].action;
            // Check: in time, new, and said by who may say it. Effect: done where the rules allow it, and its nonce spent.
            Refusal refusal = _check(action, actions[i].signature);
            if (refusal == Refusal.None) refusal = _do(action);
            if (_isSaid(refusal)) _nonces[action.wallet].set(action.nonce);
            if (refusal != Refusal.None) emit ActionRefused(action.wallet, action.nonce, i, refusal);
            refusals[i] = refusal;
        }
    }

    /// @inheritdoc ISocialGraph
    function handleOf(address wallet) external view override returns (string memory) {
        return Handles.unpack(_handles[wallet]);
    }

    /// @inheritdoc ISocialGraph
    function walletOf(string calldata handle) external view override returns (address) {
        return _holders[Handles.pack(handle)].wallet;
    }

    /// @inheritdoc ISocialGraph
    function isFollowing(address wallet, address target) external view override returns (bool) {
        return _ties[wallet][target].following;
    }

    /// @inheritdoc ISocialGraph
    function reactionOf(address wallet, bytes32 contentId) external view override returns (uint8) {
        return _regards[wallet][contentId].reaction;
    }

    /// @inheritdoc ISocialGraph
    function lastViewOf(address wallet, bytes32 contentId) external view override returns (uint256) {
        return _regards[wallet][contentId].viewedOn;
    }

    /// @inheritdoc ISocialGraph
    function isNonceSpent(address wallet, uint256 nonce) external view override returns (bool) {
        return _nonces[wallet].get(nonce);
    }

    /// @inheritdoc ISocialGraph
    function hashAction(Action calldata action) public view override returns (bytes32) {
        return _hashTypedDataV4(action.hash());
    }

    function _do(Action calldata action) private returns (Refusal) {
        uint8 kind = action.kind;
        (address wallet, bytes32 subject, bytes32 value) = (action.wallet, action.subject, action.value);
        if (kind == uint8(ActionKind.View)) return _recordView(wallet, subject, uint256(value));
        if (kind == uint8(ActionKind.Comment)) return _comment(wallet, subject, action.parent, value);
        if (kind == uint8(ActionKind.Handle)) return _setHandle(wallet, subject, action.issuedAt);
        if (kind == uint8(ActionKind.React)) {
            if (uint256(value) > type(uint8).max) return Refusal.ValueInvalid;
            return _react(wallet, subject, uint8(uint256(value)), action.issuedAt);
        }
        if (kind != uint8(ActionKind.Follow) && kind != uint8(ActionKind.Unfollow)) return Refusal.KindUnknown;
        if (uint256(subject) > type(uint160).max) return Refusal.TargetInvalid;
        address target = address(uint160(uint256(subject)));
        return _setFollowing(wallet, target, kind == uint8(ActionKind.Follow), action.issuedAt);
    }

    /// @dev A taken handle is refused before anything is freed, so a wallet never loses the one it has.
    function _setHandle(address wallet, bytes32 handle, uint64 time) private returns (Refusal) {
        if (handle != bytes32(0) && !Handles.isValid(handle)) return Refusal.HandleInvalid;
        bytes32 previous = _handles[wallet];
        if (time < (previous == bytes32(0) ? _clearedAt[wallet] : _holders[previous].saidAt)) return Refusal.Stale;

        if (handle == bytes32(0)) {
            _clearedAt[wallet] = time;
        } else {
            address holder = _holders[handle].wallet;
            if (holder != address(0) && holder != wallet) return Refusal.HandleTaken;
            _holders[handle] = Holder({wallet: wallet, saidAt: time});
        }
        if (handle == previous) return Refusal.Unchanged;
        if (previous != bytes32(0)) delete _holders[previous];
        _handles[wallet] = handle;
        emit HandleSet(wallet, handle, previous);
        return Refusal.None;
    }

    function _setFollowing(address wallet, address target, bool following, uint64 time) private returns (Refusal) {
        if (target == address(0) || target == wallet) return Refusal.TargetInvalid;
        Tie memory previous = _ties[wallet][target];
        if (time < previous.saidAt) return Refusal.Stale;

        _ties[wallet][target] = Tie({following: following, saidAt: time});
        if (following == previous.following) return Refusal.Unchanged;
        if (following) emit Followed(wallet, target);
        else emit Unfollowed(wallet, target);
        return Refusal.None;
    }

    function _react(address wallet, bytes32 contentId, uint8 kind, uint64 time) private returns (Refusal) {
        Regard memory regard = _regards[wallet][contentId];
        uint8 previous = regard.reaction;
        if (time < regard.saidAt) return Refusal.Stale;

        regard.reaction = kind;
        regard.saidAt = time;
        _regards[wallet][contentId] = regard;
        if (kind == previous) return Refusal.Unchanged;
        emit Reacted(wallet, contentId, kind, previous);
        return Refusal.None;
    }

    function _comment(address wallet, bytes32 contentId, bytes32 parent, bytes32 digest) private returns (Refusal) {
        if (digest == bytes32(0)) return Refusal.ValueInvalid;
        emit Commented(wallet, contentId, parent, digest);
        return Refusal.None;
    }

    /// @dev None of the reads reverts: who holds an edition shows that it exists, and with it its content.
    function _recordView(address wallet, bytes32 contentId, uint256 editionId) private returns (Refusal) {
        uint256 today = block.timestamp / 1 days;
        Regard storage regard = _regards[wallet][contentId];
        if (regard.viewedOn == today) return Refusal.AlreadyViewed;
        if (!_KEYS.isEntitledBy(editionId, wallet)) return Refusal.NotEntitled;
        if (_KEYS.contentOf(editionId) != contentId) return Refusal.EditionForeign;
        if (_REGISTRY.creatorOf(contentId) == wallet) return Refusal.OwnContent;

        regard.viewedOn = uint32(today);
        emit Viewed(wallet, contentId, editionId, today);
        return Refusal.None;
    }

    /// @dev The signature last, as it costs the most; nothing that it should vouch for is believed before.
    function _check(
        Action calldata action,
        ISliceChannels.Signature calldata signature
    ) private view returns (Refusal) {
        if (block.timestamp < action.issuedAt) return Refusal.Early;
        if (block.timestamp > action.deadline) return Refusal.Expired;
        if (_nonces[action.wallet].get(action.nonce)) return Refusal.NonceSpent;
        if (_CHANNELS.sessionExpiry(action.wallet, action.session) <= block.timestamp) return Refusal.SessionExpired;
        if (!action.session.isValid(hashAction(action), signature)) return Refusal.SignatureInvalid;
        return Refusal.None;
    }

    function _require(Refusal refusal) private pure {
        if (!_isSaid(refusal)) revert SocialGraph_Refused(refusal);
    }

    /// @dev What is so already is said all the same: a wallet may say it again, which refuses what its sessions signed before,
    /// and who saw a session's word could otherwise repeat it, to undo what the wallet said after it in the same second.
    function _isSaid(Refusal refusal) private pure returns (bool) {
        return refusal == Refusal.None || refusal == Refusal.Unchanged;
    }
}
