// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISliceChannels} from "../interfaces/ISliceChannels.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Escrow
/// @notice Wallets' free balances: in at once, out after a delay that slows down a thief of the wallet's key. Only
/// what is in a channel is anyone's collateral: a payer can move its escrow at once through a channel to itself.
abstract contract Escrow is ISliceChannels, ReentrancyGuardTransient {
    /// @inheritdoc ISliceChannels
    uint256 public constant override WITHDRAW_DELAY = 24 hours;
    /// @inheritdoc ISliceChannels
    uint256 public constant override WITHDRAW_WINDOW = 7 days;

    struct Withdrawal {
        uint96 amount;
        uint40 availableAt;
    }

    mapping(address payer => mapping(address token => uint256 amount)) private _balances;
    mapping(address payer => mapping(address token => Withdrawal request)) private _withdrawals;

    /// @inheritdoc ISliceChannels
    function deposit(address token, uint256 amount) external payable override {
        _deposit(msg.sender, token, amount);
    }

    /// @inheritdoc ISliceChannels
    function depositFor(address payer, address token, uint256 amount) external payable override {
        _deposit(payer, token, amount);
    }

    /// @inheritdoc ISliceChannels
    function depositWithPermit(
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external override {
        Tokens.tryPermit(token, amount, deadline, v, r, s);
        _deposit(msg.sender, token, amount);
    }

    /// @inheritdoc ISliceChannels
    function requestWithdraw(address token, uint256 amount) external override {
        // Check: a storable amount; it may exceed the balance, which opens can still change.
        uint96 requested = _toAmount(amount);

        // Effect: the delay starts anew, also for an amount that was waiting. 40 bits hold every time until the year 36812.
        uint40 availableAt = uint40(block.timestamp + WITHDRAW_DELAY);
        _withdrawals[msg.sender][token] = Withdrawal(requested, availableAt);
        emit WithdrawRequested(msg.sender, token, amount, availableAt, availableAt + WITHDRAW_WINDOW);
    }

    /// @inheritdoc ISliceChannels
    function withdraw(address token) external override nonReentrant returns (uint256 paid) {
        // Check: a request, its delay over and its window not: a request kept ripe would be no delay at all.
        Withdrawal memory request = _withdrawals[msg.sender][token];
        if (request.amount == 0) revert SliceChannels_NoWithdrawal(msg.sender, token);
        if (block.timestamp < request.availableAt) {
            revert SliceChannels_WithdrawTooEarly(block.timestamp, request.availableAt);
        }
        uint256 expiresAt = request.availableAt + WITHDRAW_WINDOW;
        if (block.timestamp >= expiresAt) revert SliceChannels_WithdrawTooLate(block.timestamp, expiresAt);

        // Effect: the request is spent and the balance lowered before any token moves.
        uint256 balance = _balances[msg.sender][token];
        paid = request.amount < balance ? request.amount : balance;
        delete _withdrawals[msg.sender][token];
        _balances[msg.sender][token] = balance - paid;
        emit Withdrawn(msg.sender, token, paid);

        // Interaction: to the caller only.
        _pay(token, msg.sender, paid);
    }

    /// @inheritdoc ISliceChannels
    function balanceOf(address payer, address token) external view override returns (uint256) {
        return _balances[payer][token];
    }

    /// @inheritdoc ISliceChannels
    function withdrawalOf(
        address payer,
        address token
    ) external view override returns (uint256 amount, uint256 availableAt) {
        Withdrawal memory request = _withdrawals[payer][token];
        if (block.timestamp >= request.availableAt + WITHDRAW_WINDOW) return (0, 0);
        return (request.amount, request.availableAt);
    }

    /// @dev Takes `amount` from the caller into `payer`'s escrow.
    function _deposit(address payer, address token, uint256 amount) internal {
        // Check: a storable amount, and exactly that much of the native coin.
        _toAmount(amount);
        uint256 expected = token == Tokens.NATIVE ? amount : 0;
        if (msg.value != expected) revert SliceChannels_ValueMismatch(msg.value, expected);

        // Effect: credited before the pull, which undoes it where less arrives.
        _credit(payer, token, amount);
        emit Deposited(payer, token, msg.sender, amount);

        // Interaction: none for the native coin, which came with the call.
        if (token != Tokens.NATIVE) _pull(token, amount);
    }

    function _credit(address payer, address token, uint256 amount) internal {
        _balances[payer][token] += amount;
    }

    function _debit(address payer, address token, uint256 amount) internal {
        mapping(address token => uint256 amount) storage balances = _balances[payer];
        uint256 balance = balances[token];
        if (amount > balance) revert SliceChannels_InsufficientEscrow(payer, token, amount, balance);
        balances[token] = balance - amount;
    }

    /// @dev Refuses tokens that take a fee. Guarded so that no second pull can pass off its own tokens as this one's.
    function _pull(address token, uint256 amount) private nonReentrant {
        uint256 received = Tokens.pull(token, msg.sender, amount);
        if (received != amount) revert SliceChannels_FeeOnTransfer(token, received, amount);
    }

    /// @dev Sends out; nothing moves for zero, which some tokens refuse.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (!Tokens.send(token, to, amount)) revert SliceChannels_TransferFailed(token, to, amount);
    }

    /// @dev Refuses zero and what a channel's word cannot hold.
    function _toAmount(uint256 amount) internal pure returns (uint96) {
        if (amount == 0) revert SliceChannels_AmountZero();
        return _toUint96(amount);
    }

    function _toUint96(uint256 amount) internal pure returns (uint96) {
        if (amount > type(uint96).max) revert SliceChannels_AmountTooLarge(amount, type(uint96).max);
        return uint96(amount);
    }
}
