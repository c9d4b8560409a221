// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

/// @title Tokens
/// @notice Moves the native coin and ERC-20 tokens alike. Negative rebases are unsupported: where a token shrinks
/// balances, those who are paid first are paid in full and the last find too little, in that token alone.
library Tokens {
    using SafeERC20 for IERC20;

    /// @dev Stands for the chain's native coin.
    address internal constant NATIVE = address(0);

    /// @notice Pulls an ERC-20 by allowance.
    /// @return received What really arrived; less than `amount` for tokens that take a fee, which callers refuse.
    function pull(address token, address from, uint256 amount) internal returns (uint256 received) {
        uint256 balance = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - balance;
    }

    /// @notice Sends either kind; what the recipient returns is not copied, so it cannot be used to burn the caller's gas.
    /// @return success False where the token or the recipient refused.
    function send(address token, address to, uint256 amount) internal returns (bool success) {
        if (token == NATIVE) return LowLevelCall.callNoReturn(to, amount, "");
        return IERC20(token).trySafeTransfer(to, amount);
    }

    /// @notice Uses an ERC-2612 permit for `msg.sender`. A failure is ignored: anyone can submit a permit that they saw, and
    /// the allowance is then there all the same; where it is not, the pull that follows fails with the token's own error.
    function tryPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) internal {
        if (token.code.length == 0) return;
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }
}
