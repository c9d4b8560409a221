// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISocialGraph} from "../interfaces/ISocialGraph.sol";
import {CalldataStruct} from "./CalldataStruct.sol";

/// @title SocialActions
/// @notice The EIP-712 struct hash of what a session signs for {SocialGraph}; see {SessionStructs}.
library SocialActions {
    bytes32 internal constant ACTION_TYPEHASH = keccak256(
        "SocialAction(address wallet,bytes32 qx,bytes32 qy,uint8 kind,bytes32 subject,bytes32 value,bytes32 parent,uint256 nonce,uint64 issuedAt,uint64 deadline)"
    );

    uint256 private constant _ACTION_SIZE = 10 * 32;

    function hash(ISocialGraph.Action calldata action) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := action
        }
        return CalldataStruct.hash(ACTION_TYPEHASH, offset, _ACTION_SIZE);
    }
}
