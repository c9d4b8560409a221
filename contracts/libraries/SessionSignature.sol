// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ISliceChannels} from "../interfaces/ISliceChannels.sol";

/// @title SessionSignature
/// @notice What a session signs with WebCrypto, as every contract of Sluice verifies it.
library SessionSignature {
    /// @dev Half of the group's order: a signature's s above it is the malleable twin of one below.
    uint256 private constant _HALF_N = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8;

    /// @notice Whether `session` signed the EIP-712 `digest`. WebCrypto hashes what it is given, so what P-256 signed is
    /// `sha256(digest)`. High s, points off the curve and the point at infinity are refused. Uses the secp256r1 precompile
    /// (EIP-7951, RIP-7212), and OpenZeppelin's Solidity where the chain has none.
    /// @dev The precompile checks ranges and curve itself, and only points of the curve were ever authorised, so what it accepts
    /// needs no second look. Where it does not accept, OpenZeppelin asks it again, finds out whether it is there, and decides
    /// in Solidity where it is not.
    function isValid(
        ISliceChannels.Session calldata session,
        bytes32 digest,
        ISliceChannels.Signature calldata signature
    ) internal view returns (bool) {
        bytes32 hash;
        bool accepted;
        // In assembly because the two calls are a good part of a claim in a batch: hash and question share one buffer.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, digest)
            // SHA-256's precompile cannot fail; without it `hash` is the digest itself, which nobody's WebCrypto signs.
            pop(staticcall(gas(), 0x02, buffer, 0x20, buffer, 0x20))
            hash := mload(buffer)
            calldatacopy(add(buffer, 0x20), signature, 0x40)
            calldatacopy(add(buffer, 0x60), session, 0x40)
            mstore(0x00, 0)
            pop(staticcall(gas(), 0x100, buffer, 0xa0, 0x00, 0x20))
            accepted := eq(mload(0x00), 1)
        }
        if (accepted && uint256(signature.s) <= _HALF_N) return true;
        return P256.verify(hash, signature.r, signature.s, session.qx, session.qy);
    }

    /// @notice What a session is called in events and errors.
    function idOf(ISliceChannels.Session calldata session) internal pure returns (bytes32) {
        return keccak256(abi.encode(session.qx, session.qy));
    }
}
