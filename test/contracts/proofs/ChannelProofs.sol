// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TickChain} from "../../../contracts/libraries/TickChain.sol";

/// @notice Statements about a channel's arithmetic, for `npm run prove`: each assertion holds for every argument, or the
/// script shows one for which it does not. Libraries are called; what is private in a contract is restated, and each
/// `restates` line must be found in the contract as it stands.
contract ChannelProofs {
    /// @notice What a voucher promises with its ticks never overflows, packed or not.
    function promisedNeverOverflows(uint96 cumulative, uint96 tickValue, uint32 ticks, uint32 maxTicks) external pure {
        require(_ticksPass(ticks, maxTicks));
        // restates SliceChannels.sol: uint256(_toUint96(voucher.cumulative)) + uint256(claim_.ticks) * _toUint96(voucher.tickValue)
        // restates PackedPromise.sol: return uint256(self.cumulative()) + uint256(self.ticks()) * self.tickValue();
        uint256 promised = uint256(cumulative) + uint256(ticks) * tickValue;
        assert(promised >= cumulative);
        assert(promised <= uint256(type(uint96).max) * (1 + uint256(TickChain.MAX_TICKS)));
        assert(promised < type(uint128).max);
    }

    /// @notice No chain longer than {TickChain.MAX_TICKS} is ever hashed, and none beyond the voucher's own length.
    function ticksAreBounded(uint32 ticks, uint32 maxTicks) external pure {
        require(_ticksPass(ticks, maxTicks));
        assert(ticks <= maxTicks);
        assert(ticks <= 1024);
    }

    /// @notice A claim pays what the promise adds, within the deposit: the total only grows, and fits its field.
    function claimStaysWithinDeposit(uint96 deposit, uint96 claimed, uint256 promised) external pure {
        require(claimed <= deposit);
        // restates SliceChannels.sol: uint256 total = promised < channel.deposit ? promised : channel.deposit;
        uint256 total = promised < deposit ? promised : deposit;
        // restates SliceChannels.sol: if (total <= channel.claimed) return 0;
        if (total <= claimed) return;
        // restates SliceChannels.sol: paid = total - channel.claimed;
        uint256 paid = total - claimed;
        assert(total <= deposit && total <= promised);
        assert(total == deposit || total == promised);
        assert(paid > 0 && paid <= deposit - claimed);
        // restates SliceChannels.sol: channel.claimed = uint96(total);
        assert(total <= type(uint96).max);
    }

    /// @notice The same of a claim in a batch, whose subtraction is unchecked.
    function batchedClaimStaysWithinDeposit(uint96 deposit_, uint96 claimed, uint256 total) external pure {
        require(claimed <= deposit_);
        uint256 promised = total;
        // restates SliceChannels.sol: if (total > deposit_) total = deposit_;
        if (total > deposit_) total = deposit_;
        // restates SliceChannels.sol: if (total <= claimed) return (channelId, 0, 0);
        if (total <= claimed) return;
        uint256 added;
        unchecked {
            // restates SliceChannels.sol: added = total - claimed;
            added = total - claimed;
        }
        assert(total <= deposit_ && total <= promised);
        assert(added > 0 && claimed + added == total);
    }

    /// @notice What is paid and what is refunded are the deposit, to the unit.
    function closingSplitsTheDeposit(uint96 deposit, uint96 claimed) external pure {
        require(claimed <= deposit);
        // restates SliceChannels.sol: uint96 rest = channel.deposit - channel.claimed;
        uint96 rest = deposit - claimed;
        assert(uint256(rest) + claimed == deposit);
    }

    /// @notice A refund restores an allowance up to its limit and never lowers it.
    function restoringStaysWithinLimit(uint96 remaining, uint96 limit, uint96 amount) external pure {
        require(remaining <= limit);
        // restates Sessions.sol: return amount < limit - remaining ? remaining + amount : limit;
        uint96 restored = amount < limit - remaining ? remaining + amount : limit;
        assert(restored >= remaining && restored <= limit);
        assert(restored == limit || restored - remaining == amount);
    }

    /// @notice What a channel draws and then gives back leaves the allowance as it was.
    function drawingAndRestoringCancel(uint96 remaining, uint96 limit, uint96 amount) external pure {
        require(remaining <= limit && amount <= remaining);
        // restates Sessions.sol: return remaining - amount;
        uint96 left = remaining - amount;
        uint96 restored = amount < limit - left ? left + amount : limit;
        assert(restored == remaining);
    }

    function _ticksPass(uint32 ticks, uint32 maxTicks) private pure returns (bool) {
        // restates SliceChannels.sol: if (maxTicks > TickChain.MAX_TICKS) revert
        // restates SliceChannels.sol: if (ticks > maxTicks) revert
        return maxTicks <= TickChain.MAX_TICKS && ticks <= maxTicks;
    }
}
