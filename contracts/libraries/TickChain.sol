// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TickChain
/// @notice Hash chains after PayWord (Rivest and Shamir, 1996): the payer signs the last link and pays by revealing earlier ones.
library TickChain {
    /// @dev Longest chain that a voucher may carry: bounds what a claim can cost.
    uint32 internal constant MAX_TICKS = 1024;

    /// @notice `keccak256` applied `ticks` times to `tick`; `tick` itself for zero.
    function root(bytes32 tick, uint32 ticks) internal pure returns (bytes32 link) {
        if (ticks == 0) return tick;
        link = tick;
        // In assembly because the loop is the price of a claim: the scratch word is reused, nothing is allocated.
        assembly ("memory-safe") {
            mstore(0x00, link)
            for {
                let i := 0
            } lt(i, ticks) {
                i := add(i, 1)
            } {
                mstore(0x00, keccak256(0x00, 0x20))
            }
            link := mload(0x00)
        }
    }
}
