// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../interfaces/ISliceChannels.sol";
import {PackedPromise} from "./PackedPromise.sol";
import {SessionStructs} from "./SessionStructs.sol";
import {TickChain} from "./TickChain.sol";

/// @title BatchClaims
/// @notice The hashes behind the claims of a batch, which carry only what the hashes are made of. In assembly over one buffer:
/// the words that all claims share are written once, so that a claim costs its signature, slot and calldata and little more.
library BatchClaims {
    /// @dev Points at 0x220 bytes of memory, three preimages one after the other.
    /// 0x000 a channel's id: chain id, contract, payer, payee, token, qx, qy, salt.
    /// 0x100 a voucher's struct hash: type hash, channel id, cumulative, tick root, tick value, max ticks.
    /// 0x1de the digest: 0x1901, domain separator, struct hash.
    type Buffer is uint256;

    /// @notice A buffer for claims of channels to `payee` in `token`.
    function prepare(bytes32 domainSeparator, address payee, address token) internal view returns (Buffer buffer) {
        bytes32 typehash = SessionStructs.VOUCHER_TYPEHASH;
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore(0x40, add(buffer, 0x220))
            mstore(buffer, chainid())
            mstore(add(buffer, 0x20), address())
            mstore(add(buffer, 0x60), payee)
            mstore(add(buffer, 0x80), token)
            mstore(add(buffer, 0x100), typehash)
            mstore(add(buffer, 0x1c0), 0x1901)
            mstore(add(buffer, 0x1e0), domainSeparator)
        }
    }

    /// @notice As `ISliceChannels.channelIdOf`. A payer with dirty upper bits gives the id of no channel.
    function channelIdOf(
        Buffer buffer,
        ISliceChannels.BatchClaim calldata claim
    ) internal pure returns (bytes32 channelId) {
        ISliceChannels.Session calldata session = claim.session;
        assembly ("memory-safe") {
            mstore(add(buffer, 0x40), calldataload(claim))
            // The session's two words and the salt after them.
            calldatacopy(add(buffer, 0xa0), session, 0x60)
            channelId := keccak256(buffer, 0x100)
        }
    }

    /// @notice The EIP-712 digest of the voucher that a claim redeems, its tick root found from the revealed tick.
    function digestOf(
        Buffer buffer,
        bytes32 channelId,
        PackedPromise promised,
        bytes32 tick
    ) internal pure returns (bytes32 digest) {
        uint256 cumulative = promised.cumulative();
        uint256 tickValue = promised.tickValue();
        uint256 maxTicks = promised.maxTicks();
        bytes32 tickRoot = TickChain.root(tick, promised.ticks());
        assembly ("memory-safe") {
            mstore(add(buffer, 0x120), channelId)
            mstore(add(buffer, 0x140), cumulative)
            mstore(add(buffer, 0x160), tickRoot)
            mstore(add(buffer, 0x180), tickValue)
            mstore(add(buffer, 0x1a0), maxTicks)
            mstore(add(buffer, 0x200), keccak256(add(buffer, 0x100), 0xc0))
            digest := keccak256(add(buffer, 0x1de), 0x42)
        }
    }
}
