// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../interfaces/ISliceChannels.sol";

/// @title BatchTotals
/// @notice Collects a batch's new totals where the log is taken from: an array of unknown length, encoded as it grows.
library BatchTotals {
    /// @dev Points at the event's data: 0x00 the offset of its one member, 0x20 the count, 0x40 the totals.
    type List is uint256;

    /// @notice An empty list with room for `most` totals.
    function create(uint256 most) internal pure returns (List list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(0x40, add(list, shl(5, add(most, 2))))
            mstore(list, 0x20)
            mstore(add(list, 0x20), 0)
        }
    }

    /// @notice Appends a channel's running total. The list must have room.
    function push(List list, bytes32 channelId, uint256 total) internal pure {
        assembly ("memory-safe") {
            let count := add(mload(add(list, 0x20)), 1)
            mstore(add(list, 0x20), count)
            mstore(add(add(list, 0x20), shl(5, count)), or(shl(96, shr(96, channelId)), total))
        }
    }

    /// @notice Emits `BatchClaimed` with what was collected.
    function emitBatchClaimed(List list, address payee, address token) internal {
        bytes32 selector = ISliceChannels.BatchClaimed.selector;
        assembly ("memory-safe") {
            log3(list, shl(5, add(mload(add(list, 0x20)), 2)), selector, payee, token)
        }
    }
}
