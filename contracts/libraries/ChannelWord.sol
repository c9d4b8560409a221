// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../interfaces/ISliceChannels.sol";

/// @title ChannelWord
/// @notice A channel in one storage slot. Bits 0–95 deposit, 96–191 claimed, 192–231 closesAt, 232–255 challenge.
/// Zero means never opened; the word of a closed channel stays, so that its id can never be opened again.
library ChannelWord {
    /// @dev `closesAt` of a channel that is closed.
    uint40 internal constant CLOSED = type(uint40).max;

    /// @notice The word of a channel that was just opened.
    function opened(uint96 deposit, uint24 challenge) internal pure returns (uint256 word) {
        return uint256(deposit) | (uint256(challenge) << 232);
    }

    /// @notice The slot's word for a channel.
    function pack(ISliceChannels.Channel memory channel) internal pure returns (uint256 word) {
        word =
            uint256(channel.deposit) |
            (uint256(channel.claimed) << 96) |
            (uint256(channel.closesAt) << 192) |
            (uint256(channel.challenge) << 232);
    }

    /// @notice The channel in a slot's word.
    function unpack(uint256 word) internal pure returns (ISliceChannels.Channel memory channel) {
        channel.deposit = uint96(word);
        channel.claimed = uint96(word >> 96);
        channel.closesAt = uint40(word >> 192);
        channel.challenge = uint24(word >> 232);
    }

    /// @notice The deposit in a slot's word.
    function depositOf(uint256 word) internal pure returns (uint96) {
        return uint96(word);
    }

    /// @notice The claimed total in a slot's word.
    function claimedOf(uint256 word) internal pure returns (uint96) {
        return uint96(word >> 96);
    }

    /// @notice Whether the word is that of a closed channel.
    function isClosed(uint256 word) internal pure returns (bool) {
        return uint40(word >> 192) == CLOSED;
    }

    /// @notice The word with `added` more claimed, within the deposit: below 2^96, the field cannot carry into the next.
    function addClaimed(uint256 word, uint256 added) internal pure returns (uint256) {
        unchecked {
            return word + (added << 96);
        }
    }
}
