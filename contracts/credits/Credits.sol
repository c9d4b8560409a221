// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Credits
/// @notice See {ICredits}. Whoever inherits it credits exactly what it took in, and neither takes in nor sends but through here.
abstract contract Credits is ICredits, ReentrancyGuardTransient {
    mapping(address account => mapping(address token => uint256 amount)) private _credits;

    /// @inheritdoc ICredits
    function withdraw(address token) external override nonReentrant returns (uint256 paid) {
        return _withdraw(msg.sender, token);
    }

    /// @inheritdoc ICredits
    function withdrawFor(address account, address token) external override nonReentrant returns (uint256 paid) {
        return _withdraw(account, token);
    }

    /// @inheritdoc ICredits
    function creditOf(address account, address token) external view override returns (uint256) {
        return _credits[account][token];
    }

    /// @dev Adds to what `account` may withdraw.
    function _credit(address account, address token, uint256 amount) internal {
        _credits[account][token] += amount;
    }

    /// @dev Takes `cost` of a token from the caller; the native coin came with the call. Refuses tokens that take a fee.
    function _collect(address token, uint256 cost) internal {
        if (token == Tokens.NATIVE || cost == 0) return;
        uint256 received = Tokens.pull(token, msg.sender, cost);
        if (received != cost) revert Credits_FeeOnTransfer(token, received, cost);
    }

    /// @dev Gives the caller back what it sent above `cost`, after {_requireValue}: coin for a price in tokens was refused.
    function _returnExcess(address token, uint256 cost) internal {
        if (msg.value > cost) _send(token, msg.sender, msg.value - cost);
    }

    /// @dev Refuses less of the native coin than `cost`, and any of it where the price is in a token.
    function _requireValue(address token, uint256 cost) internal view {
        if (token == Tokens.NATIVE) {
            if (msg.value < cost) revert Credits_ValueMismatch(msg.value, cost);
        } else if (msg.value != 0) {
            revert Credits_ValueMismatch(msg.value, 0);
        }
    }

    /// @dev What a permit for `quantity` keys covers.
    function _mostCost(uint256 maxPrice, uint256 quantity) internal pure returns (uint256 cost) {
        bool fits;
        (fits, cost) = Math.tryMul(maxPrice, quantity);
        if (!fits) revert Credits_CostTooLarge(maxPrice, quantity);
    }

    function _withdraw(address account, address token) private returns (uint256 paid) {
        // Check: something to pay.
        paid = _credits[account][token];
        if (paid == 0) revert Credits_NothingToWithdraw(account, token);

        // Effect: spent before any token moves.
        delete _credits[account][token];
        emit Withdrawn(account, token, paid);

        // Interaction: to the one it belongs to, whoever calls.
        _send(token, account, paid);
    }

    /// @dev Sends what belongs to `to` and to nobody else: a withdrawal, or change.
    function _send(address token, address to, uint256 amount) private {
        if (!Tokens.send(token, to, amount)) revert Credits_TransferFailed(token, to, amount);
    }
}
