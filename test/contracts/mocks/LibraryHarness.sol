// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {ChannelWord} from "../../../contracts/libraries/ChannelWord.sol";
import {SessionSignature} from "../../../contracts/libraries/SessionSignature.sol";
import {TickChain} from "../../../contracts/libraries/TickChain.sol";

/// @notice Makes the libraries' internal functions callable.
contract LibraryHarness {
    function root(bytes32 tick, uint32 ticks) external pure returns (bytes32) {
        return TickChain.root(tick, ticks);
    }

    function pack(ISliceChannels.Channel calldata channel) external pure returns (uint256) {
        return ChannelWord.pack(channel);
    }

    function unpack(uint256 word) external pure returns (ISliceChannels.Channel memory) {
        return ChannelWord.unpack(word);
    }

    function opened(uint96 deposit, uint24 challenge) external pure returns (uint256) {
        return ChannelWord.opened(deposit, challenge);
    }

    function addClaimed(uint256 word, uint256 added) external pure returns (uint256) {
        return ChannelWord.addClaimed(word, added);
    }

    function isValid(
        ISliceChannels.Session calldata session,
        bytes32 digest,
        ISliceChannels.Signature calldata signature
    ) external view returns (bool) {
        return SessionSignature.isValid(session, digest, signature);
    }
}
