// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICredits} from "../interfaces/ICredits.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Credits
/// @notice See {ICredits}. Whoever inherits it credits exactly what it took in, and sends nothing but through here.
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
    function _send(address token, address to, uint256 amount) internal {
        if (!Tokens.send(token, to, amount)) revert Credits_TransferFailed(token, to, amount);
    }
}
