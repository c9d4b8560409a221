// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISocialGraph} from "../interfaces/ISocialGraph.sol";

/// @title SocialActions
/// @notice The EIP-712 struct hash of what a session signs for {SocialGraph}.
library SocialActions {
    bytes32 internal constant ACTION_TYPEHASH = keccak256(
        "SocialAction(address wallet,bytes32 qx,bytes32 qy,uint8 kind,bytes32 subject,bytes32 value,bytes32 parent,uint256 nonce,uint64 issuedAt,uint64 deadline)"
    );

    uint256 private constant _ACTION_SIZE = 10 * 32;

    /// @dev Every member is static and the session is flattened in the type, so calldata is EIP-712's `encodeData` as it came;
    /// see {SessionStructs}. A value that is too wide for its type changes the hash here, and reverts where it is read: no
    /// encoder makes one.
    function hash(ISocialGraph.Action calldata action) internal pure returns (bytes32 digest) {
        bytes32 typehash = ACTION_TYPEHASH;
        uint256 size = _ACTION_SIZE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 0x20), action, size)
            digest := keccak256(free, add(size, 0x20))
        }
    }
}
