// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice As much of ContentKeys as the market asks for, with keys that are always there and a royalty of any size.
contract GreedyKeys {
    address private immutable _CREATOR;
    /// @notice In basis points, and not bounded by them.
    uint256 public royaltyBps;

    constructor(address creator) {
        _CREATOR = creator;
    }

    function setRoyalty(uint256 bps) external {
        royaltyBps = bps;
    }

    function safeTransferFrom(address, address, uint256, uint256, bytes calldata) external {}

    function royaltyInfo(uint256, uint256 price) external view returns (address, uint256) {
        return (_CREATOR, (price * royaltyBps) / 10_000);
    }

    function isTransferable(uint256) external pure returns (bool) {
        return true;
    }

    function isApprovedForAll(address, address) external pure returns (bool) {
        return true;
    }

    function balanceOf(address, uint256) external pure returns (uint256) {
        return type(uint256).max;
    }

    function epochOf(uint256) external pure returns (uint32) {
        return 1;
    }
}
