// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContentKeys} from "../../../contracts/ContentKeys.sol";
import {IContentKeys} from "../../../contracts/interfaces/IContentKeys.sol";
import {IMetaHashRegistry} from "../../../contracts/interfaces/IMetaHashRegistry.sol";
import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {ISocialGraph} from "../../../contracts/interfaces/ISocialGraph.sol";
import {MetaHashRegistry} from "../../../contracts/MetaHashRegistry.sol";
import {SliceChannels} from "../../../contracts/SliceChannels.sol";
import {SocialGraph} from "../../../contracts/SocialGraph.sol";
import {VM, GENERATOR_X, GENERATOR_Y, acceptAnySignature, clamp} from "./Vm.sol";

/// @notice Draws random calls and batches for three wallets, two of which a session speaks for, over few handles, nonces and
/// contents, so that they get in each other's way; keeps its own books beside the contract's.
contract SocialHandler {
    uint256 public constant NONCES = 24;

    SocialGraph public immutable SOCIAL;
    ContentKeys public immutable KEYS;
    address[3] public wallets = [address(0xA1), address(0xA2), address(0xA3)];
    bytes32[2] public contentIds;
    uint256[2] public editionIds;

    /// @notice Batched actions that were said, done or so already, by wallet and nonce.
    mapping(address wallet => mapping(uint256 nonce => uint256 times)) public saidWith;
    /// @notice Whether a view was counted, by wallet, content and day.
    mapping(address wallet => mapping(bytes32 contentId => mapping(uint256 day => bool counted))) public viewed;
    /// @notice What was last said of a state, by a hash of the state's name, and when.
    mapping(bytes32 state => uint256 time) public saidAt;
    mapping(bytes32 state => bytes32 value) public said;

    /// @notice Set once a batch failed, or answered for another number of actions.
    bool public batchFailed;
    /// @notice Set once a view was counted twice, or of a wallet that may not.
    bool public viewWrong;
    /// @notice Set once something said earlier undid what was said later.
    bool public undone;
    /// @notice Set once the wallet without a session acted in a batch.
    bool public impersonated;

    constructor(SocialGraph social, SliceChannels channels, ContentKeys keys, MetaHashRegistry registry) {
        (SOCIAL, KEYS) = (social, keys);
        acceptAnySignature();
        VM.warp(1_800_000_000);
        for (uint256 i = 0; i < 2; ++i) {
            // The first wallet sells the first content, somebody else the second.
            if (i == 0) VM.prank(wallets[0]);
            contentIds[i] = registry.publish(
                0,
                bytes32(uint256(1)),
                bytes32(uint256(1)),
                1,
                IMetaHashRegistry.Kind.File
            );
            IContentKeys.Terms memory terms;
            terms.transferable = true;
            if (i == 0) VM.prank(wallets[0]);
            editionIds[i] = KEYS.createEdition(contentIds[i], 0, terms, 1, bytes32(uint256(1)));
            VM.prank(wallets[i]);
            channels.authorize(session(), address(0), 0, type(uint40).max);
        }
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + clamp(time, 1, 12 hours));
    }

    function buy(uint256 who, uint256 what) external {
        address wallet = wallets[who % 3];
        VM.prank(wallet);
        KEYS.buy(editionIds[what % 2], 1, wallet, address(0), 0, 1);
    }

    function transfer(uint256 who, uint256 whom, uint256 what) external {
        VM.prank(wallets[who % 3]);
        try KEYS.safeTransferFrom(wallets[who % 3], wallets[whom % 3], editionIds[what % 2], 1, "") {} catch {}
    }

    function setHandle(uint256 who, uint256 what) external {
        address wallet = wallets[who % 3];
        bytes32 handle = handleAt(what);
        VM.prank(wallet);
        try SOCIAL.setHandle(textOf(handle)) {
            _say(_handleState(wallet), handle, block.timestamp);
        } catch {}
    }

    function follow(uint256 who, uint256 whom, bool yes) external {
        (address wallet, address target) = (wallets[who % 3], wallets[whom % 3]);
        VM.prank(wallet);
        if (yes) {
            try SOCIAL.follow(target) {
                _say(_tieState(wallet, target), bytes32(uint256(1)), block.timestamp);
            } catch {}
        } else {
            try SOCIAL.unfollow(target) {
                _say(_tieState(wallet, target), 0, block.timestamp);
            } catch {}
        }
    }

    function react(uint256 who, uint256 what, uint8 kind) external {
        (address wallet, bytes32 contentId) = (wallets[who % 3], contentIds[what % 2]);
        VM.prank(wallet);
        SOCIAL.react(contentId, kind % 3);
        _say(_reactionState(wallet, contentId), bytes32(uint256(kind % 3)), block.timestamp);
    }

    function recordView(uint256 who, uint256 what, uint256 which) external {
        address wallet = wallets[who % 3];
        VM.prank(wallet);
        try SOCIAL.recordView(contentIds[what % 2], editionIds[which % 2]) {
            _countView(wallet, what % 2, which % 2);
        } catch {}
    }

    /// @notice A batch of up to eight actions of every kind, sound or not.
    function submit(uint256 seed, uint256 count) external {
        ISocialGraph.SignedAction[] memory actions = new ISocialGraph.SignedAction[](clamp(count, 1, 8));
        for (uint256 i = 0; i < actions.length; ++i) {
            actions[i].action = _draw(uint256(keccak256(abi.encode(seed, i))));
            actions[i].signature = ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
        }
        try SOCIAL.submit(actions) returns (ISocialGraph.Refusal[] memory refusals) {
            if (refusals.length != actions.length) batchFailed = true;
            for (uint256 i = 0; i < actions.length; ++i) _book(actions[i].action, refusals[i]);
        } catch {
            batchFailed = true;
        }
    }

    function handleAt(uint256 index) public pure returns (bytes32) {
        return [bytes32(0), "ada", "bob", "a-handle-of-32-bytes_0123456789a", "no", "Ada"][index % 6];
    }

    function textOf(bytes32 handle) public pure returns (string memory) {
        uint256 length;
        while (length < 32 && handle[length] != 0) ++length;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = handle[i];
        return string(text);
    }

    /// @notice Whether every state is what was last said of it.
    function statesStand() external view returns (bool) {
        for (uint256 i = 0; i < 3; ++i) {
            address wallet = wallets[i];
            if (keccak256(bytes(SOCIAL.handleOf(wallet))) != keccak256(bytes(textOf(said[_handleState(wallet)])))) {
                return false;
            }
            for (uint256 j = 0; j < 3; ++j) {
                bool following = said[_tieState(wallet, wallets[j])] != 0;
                if (SOCIAL.isFollowing(wallet, wallets[j]) != following) return false;
            }
            for (uint256 j = 0; j < 2; ++j) {
                uint256 kind = uint256(said[_reactionState(wallet, contentIds[j])]);
                if (SOCIAL.reactionOf(wallet, contentIds[j]) != kind) return false;
            }
        }
        return true;
    }

    function session() public pure returns (ISliceChannels.Session memory) {
        return ISliceChannels.Session(GENERATOR_X, GENERATOR_Y);
    }

    function _draw(uint256 seed) private view returns (ISocialGraph.Action memory action) {
        action.wallet = wallets[seed % 3];
        action.session = session();
        action.kind = uint8((seed >> 8) % 8);
        action.nonce = (seed >> 16) % NONCES;
        // Within a day back, and sometimes a little ahead.
        action.issuedAt = uint64(block.timestamp + 10 - ((seed >> 32) % 1 days));
        action.deadline = uint64(block.timestamp - 1 + ((seed >> 64) % 100));
        (uint256 first, uint256 second) = ((seed >> 96) % 8, (seed >> 104) % 8);
        if (action.kind == uint8(ISocialGraph.ActionKind.Handle)) {
            action.subject = handleAt(first);
        } else if (_isTie(action.kind)) {
            action.subject = first == 7 ? bytes32(seed) : bytes32(uint256(uint160(wallets[first % 3])));
        } else {
            action.subject = contentIds[first % 2];
            action.value = bytes32(second == 7 ? seed : second % 3);
            if (action.kind == uint8(ISocialGraph.ActionKind.View)) action.value = bytes32(editionIds[second % 2]);
        }
    }

    function _book(ISocialGraph.Action memory action, ISocialGraph.Refusal refusal) private {
        if (refusal != ISocialGraph.Refusal.None && refusal != ISocialGraph.Refusal.Unchanged) return;
        ++saidWith[action.wallet][action.nonce];
        if (action.wallet == wallets[2]) impersonated = true;

        if (action.kind == uint8(ISocialGraph.ActionKind.Handle)) {
            _say(_handleState(action.wallet), action.subject, action.issuedAt);
        } else if (_isTie(action.kind)) {
            bool follows = action.kind == uint8(ISocialGraph.ActionKind.Follow);
            address target = address(uint160(uint256(action.subject)));
            _say(_tieState(action.wallet, target), bytes32(uint256(follows ? 1 : 0)), action.issuedAt);
        } else if (action.kind == uint8(ISocialGraph.ActionKind.React)) {
            _say(_reactionState(action.wallet, action.subject), action.value, action.issuedAt);
        } else if (action.kind == uint8(ISocialGraph.ActionKind.View)) {
            _countView(
                action.wallet,
                action.subject == contentIds[0] ? 0 : 1,
                uint256(action.value) == editionIds[0] ? 0 : 1
            );
        }
    }

    function _say(bytes32 state, bytes32 value, uint256 time) private {
        if (time < saidAt[state]) undone = true;
        (saidAt[state], said[state]) = (time, value);
    }

    function _countView(address wallet, uint256 content, uint256 edition) private {
        uint256 day = block.timestamp / 1 days;
        bytes32 contentId = contentIds[content];
        bool entitled = content == edition && KEYS.isEntitledBy(editionIds[edition], wallet);
        bool own = content == 0 && wallet == wallets[0];
        if (viewed[wallet][contentId][day] || !entitled || own) viewWrong = true;
        viewed[wallet][contentId][day] = true;
    }

    function _isTie(uint8 kind) private pure returns (bool) {
        return kind == uint8(ISocialGraph.ActionKind.Follow) || kind == uint8(ISocialGraph.ActionKind.Unfollow);
    }

    function _handleState(address wallet) private pure returns (bytes32) {
        return keccak256(abi.encode("handle", wallet));
    }

    function _tieState(address wallet, address target) private pure returns (bytes32) {
        return keccak256(abi.encode("tie", wallet, target));
    }

    function _reactionState(address wallet, bytes32 contentId) private pure returns (bytes32) {
        return keccak256(abi.encode("reaction", wallet, contentId));
    }
}
