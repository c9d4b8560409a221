// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title NodeStake
/// @notice What owners have at stake, in the native coin: in at once, out after a delay and within a window, to the owner only.
abstract contract NodeStake is INodeRegistry {
    /// @inheritdoc INodeRegistry
    uint256 public constant override UNSTAKE_DELAY = 7 days;
    /// @inheritdoc INodeRegistry
    uint256 public constant override UNSTAKE_WINDOW = 7 days;

    /// @dev One slot. `leaving` never exceeds `amount`: it is bounded by it when requested, and `amount` only falls with it.
    struct Staked {
        uint96 amount;
        uint96 leaving;
        uint40 availableAt;
    }

    mapping(address owner => Staked staked) private _stakes;

    /// @inheritdoc INodeRegistry
    function addStake() external payable override {
        // Check: a node to stake for, and a sum that can be stored.
        _requireRegistered(msg.sender);
        if (msg.value == 0) revert NodeRegistry_AmountZero();
        uint256 amount = _stakes[msg.sender].amount + msg.value;
        if (amount > type(uint96).max) revert NodeRegistry_StakeTooLarge(amount, type(uint96).max);

        // Effect: the sum alone; neither amount nor time of a request changes.
        _stakes[msg.sender].amount = uint96(amount);
        emit StakeAdded(msg.sender, msg.value, amount);
    }

    /// @inheritdoc INodeRegistry
    function requestUnstake(uint256 amount) external override {
        // Check: something to ask for, and something that can leave.
        if (amount == 0) revert NodeRegistry_AmountZero();
        Staked storage staked = _stakes[msg.sender];
        uint96 stake = staked.amount;
        if (stake == 0) revert NodeRegistry_NoStake(msg.sender);

        // Effect: bounded now, not when it is paid, or what is staked later could leave without its own delay. 40 bits hold every
        // time until the year 36812.
        uint96 leaving = amount < stake ? uint96(amount) : stake;
        uint40 availableAt = uint40(block.timestamp + UNSTAKE_DELAY);
        staked.leaving = leaving;
        staked.availableAt = availableAt;
        emit UnstakeRequested(msg.sender, leaving, availableAt, availableAt + UNSTAKE_WINDOW);
    }

    /// @inheritdoc INodeRegistry
    function unstake() external override returns (uint256 paid) {
        // Check: a request, its delay over, its window not.
        Staked memory staked = _stakes[msg.sender];
        if (staked.leaving == 0) revert NodeRegistry_NoRequest(msg.sender);
        if (block.timestamp < staked.availableAt) {
            revert NodeRegistry_UnstakeTooEarly(block.timestamp, staked.availableAt);
        }
        uint256 expiresAt = staked.availableAt + UNSTAKE_WINDOW;
        if (block.timestamp >= expiresAt) revert NodeRegistry_UnstakeTooLate(block.timestamp, expiresAt);

        // Effect: the request is spent and the stake lowered before any coin moves; who calls again from there finds nothing.
        paid = staked.leaving;
        uint96 rest = staked.amount - staked.leaving;
        _stakes[msg.sender] = Staked({amount: rest, leaving: 0, availableAt: 0});
        emit Unstaked(msg.sender, paid, rest);

        // Interaction: to the caller only; what it refuses stays here, to be asked for again.
        if (!Tokens.send(Tokens.NATIVE, msg.sender, paid)) revert NodeRegistry_TransferFailed(msg.sender, paid);
    }

    /// @inheritdoc INodeRegistry
    function stakeOf(address owner) public view override returns (Stake memory) {
        Staked memory staked = _stakes[owner];
        uint256 expiresAt = staked.availableAt + UNSTAKE_WINDOW;
        bool waits = staked.leaving != 0 && block.timestamp < expiresAt;
        if (!waits) return Stake({amount: staked.amount, leaving: 0, availableAt: 0, expiresAt: 0});
        return
            Stake({
                amount: staked.amount,
                leaving: staked.leaving,
                availableAt: staked.availableAt,
                expiresAt: uint64(expiresAt)
            });
    }

    /// @dev Reverts unless the owner's node is in service.
    function _requireRegistered(address owner) internal view virtual;
}
