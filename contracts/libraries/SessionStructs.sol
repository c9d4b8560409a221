// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../interfaces/ISliceChannels.sol";
import {CalldataStruct} from "./CalldataStruct.sol";

/// @title SessionStructs
/// @notice EIP-712 struct hashes of what a session signs for {SliceChannels}. Every member is static and the nested session is
/// flattened in the type, as {CalldataStruct} wants it.
library SessionStructs {
    bytes32 internal constant OPEN_INTENT_TYPEHASH = keccak256(
        "OpenIntent(address payer,address payee,address token,uint256 amount,uint24 challenge,bytes32 qx,bytes32 qy,bytes32 salt,uint64 deadline)"
    );
    bytes32 internal constant TOP_UP_TYPEHASH = keccak256(
        "TopUp(bytes32 channelId,uint256 newDeposit,uint64 deadline)"
    );
    bytes32 internal constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(bytes32 channelId,uint256 cumulative,bytes32 tickRoot,uint256 tickValue,uint32 maxTicks)"
    );

    uint256 private constant _OPEN_INTENT_SIZE = 9 * 32;
    uint256 private constant _TOP_UP_SIZE = 3 * 32;
    uint256 private constant _VOUCHER_SIZE = 5 * 32;

    function hash(ISliceChannels.OpenIntent calldata intent) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := intent
        }
        return CalldataStruct.hash(OPEN_INTENT_TYPEHASH, offset, _OPEN_INTENT_SIZE);
    }

    function hash(ISliceChannels.TopUp calldata order) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := order
        }
        return CalldataStruct.hash(TOP_UP_TYPEHASH, offset, _TOP_UP_SIZE);
    }

    function hash(ISliceChannels.Voucher calldata voucher) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := voucher
        }
        return CalldataStruct.hash(VOUCHER_TYPEHASH, offset, _VOUCHER_SIZE);
    }
}
