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
        // Check: something to pay.
        paid = _credits[msg.sender][token];
        if (paid == 0) revert Credits_NothingToWithdraw(msg.sender, token);

        // Effect: spent before any token moves.
        delete _credits[msg.sender][token];
        emit Withdrawn(msg.sender, token, paid);

        // Interaction: to the caller only.
        _send(token, msg.sender, paid);
    }

    /// @inheritdoc ICredits
    function creditOf(address account, address token) external view override returns (uint256) {
        return _credits[account][token];
    }

    /// @dev Adds to what `account` may withdraw.
    function _credit(address account, address token, uint256 amount) internal {
        _credits[account][token] += amount;
    }

    /// @dev Sends what belongs to `to` and to nobody else: a withdrawal, or change.
    function _send(address token, address to, uint256 amount) internal {
        if (!Tokens.send(token, to, amount)) revert Credits_TransferFailed(token, to, amount);
    }
}
