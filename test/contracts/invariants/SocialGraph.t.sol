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
import {SocialHandler} from "./SocialHandler.sol";
import {VM, GENERATOR_X, GENERATOR_Y, acceptAnySignature} from "./Vm.sol";

/// @notice The statements of README.md, after any sequence of the handler's calls.
contract SocialGraphInvariants {
    SocialHandler private _handler;
    SocialGraph private _social;

    function setUp() external {
        MetaHashRegistry registry = new MetaHashRegistry();
        ContentKeys keys = new ContentKeys(registry);
        SliceChannels channels = new SliceChannels();
        _social = new SocialGraph(channels, keys, registry);
        _handler = new SocialHandler(_social, channels, keys, registry);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_HandlesAndWalletsPairUp() external view {
        for (uint256 i = 0; i < 3; ++i) {
            address wallet = _handler.wallets(i);
            string memory handle = _social.handleOf(wallet);
            if (bytes(handle).length != 0) require(_social.walletOf(handle) == wallet, "a handle of another wallet");
        }
        for (uint256 i = 0; i < 6; ++i) {
            string memory handle = _handler.textOf(_handler.handleAt(i));
            address wallet = _social.walletOf(handle);
            if (wallet == address(0)) continue;
            require(keccak256(bytes(_social.handleOf(wallet))) == keccak256(bytes(handle)), "a wallet of two handles");
        }
    }

    function invariant_NoncesAreSpentOnce() external view {
        for (uint256 i = 0; i < 3; ++i) {
            address wallet = _handler.wallets(i);
            for (uint256 nonce = 0; nonce < _handler.NONCES(); ++nonce) {
                uint256 times = _handler.saidWith(wallet, nonce);
                require(times <= 1, "an action was said twice");
                require(_social.isNonceSpent(wallet, nonce) == (times == 1), "spent is not said");
            }
        }
    }

    function invariant_ViewsCountOnceADay() external view {
        require(!_handler.viewWrong(), "a view counted that should not");
    }

    function invariant_TheLastWordStands() external view {
        require(!_handler.undone(), "said earlier, landed later, and undid");
        require(_handler.statesStand(), "a state that nobody asked for");
    }

    function invariant_NoActionFailsAnother() external view {
        require(!_handler.batchFailed(), "a batch failed");
        require(!_handler.impersonated(), "acted without a session");
    }
}

/// @notice Statements about one batch, for any words.
contract SocialGraphFuzz {
    SliceChannels private _channels = new SliceChannels();
    /// @dev Contracts that know of nothing: what is not there must not fail a batch either.
    SocialGraph private _social = new SocialGraph(
        _channels,
        IContentKeys(address(new Nothing())),
        IMetaHashRegistry(address(new Nothing()))
    );

    function testFuzz_AnyActionEndsWithAnAnswer(ISocialGraph.Action memory action, bool speaks, bool signs) external {
        VM.warp(1_800_000_000);
        action.session = ISliceChannels.Session(GENERATOR_X, GENERATOR_Y);
        if (signs) acceptAnySignature();
        if (speaks) {
            VM.prank(action.wallet);
            _channels.authorize(action.session, address(0), 0, type(uint40).max);
        }
        ISocialGraph.SignedAction[] memory batch = new ISocialGraph.SignedAction[](2);
        batch[0].action = action;
        batch[0].signature = ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
        batch[1] = batch[0];
        ISocialGraph.Refusal[] memory refusals = _social.submit(batch);
        bool said = _isSaid(refusals[0]);
        require(_social.isNonceSpent(action.wallet, action.nonce) == said, "spent is not said");
        require(!said || (speaks && signs), "said without a word of the wallet's");
        require(!said || refusals[1] == ISocialGraph.Refusal.NonceSpent, "said twice");
    }

    function testFuzz_KindsEndWithAnAnswer(uint8 kind, bytes32 subject, bytes32 value, uint256 nonce) external {
        VM.warp(1_800_000_000);
        acceptAnySignature();
        ISocialGraph.SignedAction[] memory batch = new ISocialGraph.SignedAction[](1);
        batch[0].action.session = ISliceChannels.Session(GENERATOR_X, GENERATOR_Y);
        _channels.authorize(batch[0].action.session, address(0), 0, type(uint40).max);
        batch[0].action.wallet = address(this);
        batch[0].action.kind = kind % 8;
        batch[0].action.subject = subject;
        batch[0].action.value = value;
        batch[0].action.nonce = nonce;
        batch[0].action.deadline = type(uint64).max;
        batch[0].signature = ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
        bool said = _isSaid(_social.submit(batch)[0]);
        require(_social.isNonceSpent(address(this), nonce) == said, "spent is not said");
    }

    function testFuzz_OnlySoundHandlesAreTaken(bytes calldata text) external {
        bool sound = text.length >= 3 && text.length <= 32;
        for (uint256 i = 0; i < text.length; ++i) {
            bytes1 c = text[i];
            bool allowed = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-" || c == "_";
            sound = sound && allowed;
        }
        if (text.length == 0) return;
        if (!sound) VM.expectRevert();
        _social.setHandle(string(text));
        require(_social.walletOf(string(text)) == (sound ? address(this) : address(0)), "taken is not sound");
        if (sound) require(keccak256(bytes(_social.handleOf(address(this)))) == keccak256(text), "another handle");
    }

    function testFuzz_SoundHandlesAreTaken(bytes32 seed, uint256 length) external {
        bytes memory text = new bytes(3 + (length % 30));
        bytes memory alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-_";
        for (uint256 i = 0; i < text.length; ++i) text[i] = alphabet[uint8(seed[i]) % alphabet.length];
        _social.setHandle(string(text));
        require(_social.walletOf(string(text)) == address(this), "a sound handle was not taken");
        require(keccak256(bytes(_social.handleOf(address(this)))) == keccak256(text), "another handle");
    }

    function _isSaid(ISocialGraph.Refusal refusal) private pure returns (bool) {
        return refusal == ISocialGraph.Refusal.None || refusal == ISocialGraph.Refusal.Unchanged;
    }
}

/// @notice Stands in for the contracts that say who is entitled: nobody is.
contract Nothing {
    function isEntitledBy(uint256, address) external pure returns (bool) {
        return false;
    }
}
