// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ISliceChannels} from "../interfaces/ISliceChannels.sol";

/// @title SessionSignature
/// @notice What a session signs with WebCrypto, as every contract of Sluice verifies it.
library SessionSignature {
    /// @notice Whether `session` signed the EIP-712 `digest`. WebCrypto hashes what it is given, so what P-256 signed is
    /// `sha256(digest)`. High s, points off the curve and the point at infinity are refused. Uses the secp256r1 precompile
    /// (EIP-7951, RIP-7212), and OpenZeppelin's Solidity where the chain has none.
    function isValid(
        ISliceChannels.Session calldata session,
        bytes32 digest,
        ISliceChannels.Signature calldata signature
    ) internal view returns (bool) {
        return P256.verify(sha256(abi.encodePacked(digest)), signature.r, signature.s, session.qx, session.qy);
    }

    /// @notice What a session is called in events and errors.
    function idOf(ISliceChannels.Session calldata session) internal pure returns (bytes32) {
        return keccak256(abi.encode(session.qx, session.qy));
    }
}
