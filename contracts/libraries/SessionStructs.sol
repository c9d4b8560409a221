// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../interfaces/ISliceChannels.sol";

/// @title SessionStructs
/// @notice EIP-712 struct hashes of what a session signs for the chain. Every member is static and the nested session is
/// flattened in the type, so a struct's ABI encoding after its type hash is exactly EIP-712's `encodeData`.
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

    function hash(ISliceChannels.OpenIntent calldata intent) internal pure returns (bytes32) {
        return keccak256(abi.encode(OPEN_INTENT_TYPEHASH, intent));
    }

    function hash(ISliceChannels.TopUp calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(TOP_UP_TYPEHASH, order));
    }

    function hash(ISliceChannels.Voucher calldata voucher) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER_TYPEHASH, voucher));
    }
}
