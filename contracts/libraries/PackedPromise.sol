// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a voucher promises and how far its chain was revealed, in one word of calldata.
/// Bits 0–95 cumulative, 96–191 tickValue, 192–223 maxTicks, 224–255 ticks.
type PackedPromise is uint256;

using PackedPromises for PackedPromise global;

/// @title PackedPromises
/// @notice Reads a {PackedPromise}.
library PackedPromises {
    function cumulative(PackedPromise self) internal pure returns (uint96) {
        return uint96(PackedPromise.unwrap(self));
    }

    function tickValue(PackedPromise self) internal pure returns (uint96) {
        return uint96(PackedPromise.unwrap(self) >> 96);
    }

    function maxTicks(PackedPromise self) internal pure returns (uint32) {
        return uint32(PackedPromise.unwrap(self) >> 192);
    }

    function ticks(PackedPromise self) internal pure returns (uint32) {
        return uint32(PackedPromise.unwrap(self) >> 224);
    }

    /// @notice What is promised in all, ticks included; three factors of 96 and 32 bits cannot overflow.
    function total(PackedPromise self) internal pure returns (uint256) {
        unchecked {
            return uint256(self.cumulative()) + uint256(self.ticks()) * self.tickValue();
        }
    }
}
