// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title CalldataStruct
/// @notice The EIP-712 struct hash of a struct in calldata. Its members must be static and nested structs flattened in the
/// type: then its ABI encoding after the type hash is exactly EIP-712's `encodeData`.
library CalldataStruct {
    /// @notice Hashes `size` bytes of calldata at `offset` as they came, instead of decoding and encoding them again, which
    /// would cost as much as the signature's hash. A value that is too wide for its type changes the hash here, and reverts
    /// where it is read: no encoder makes one.
    function hash(bytes32 typehash, uint256 offset, uint256 size) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 0x20), offset, size)
            digest := keccak256(free, add(size, 0x20))
        }
    }
}
