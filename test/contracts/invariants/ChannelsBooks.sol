// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {ChannelsCast} from "./ChannelsCast.sol";

/// @notice The fuzzer's own books beside the contract's, and a flag for everything that must never be seen.
abstract contract ChannelsBooks is ChannelsCast {
    struct Seen {
        uint96 deposit;
        uint96 claimed;
        uint40 closesAt;
    }

    uint40 internal constant CLOSED = type(uint40).max;

    ISliceChannels.Descriptor[] internal _descriptors;
    mapping(bytes32 channelId => Seen seen) private _seen;
    mapping(address payer => mapping(address token => uint256 amount)) public spent;
    mapping(address payer => mapping(address token => uint256 amount)) public withdrawn;
    mapping(address payee => mapping(address token => uint256 amount)) public earned;

    /// @notice A deposit or a claimed total fell.
    bool public fell;
    /// @notice A closed channel changed.
    bool public reopened;
    /// @notice A requested exit was moved or taken back.
    bool public exitMoved;
    /// @notice An exit was refused in its time, or let through before it.
    bool public exitMistimed;
    /// @notice A claim paid something else than the voucher, the deposit and what was claimed before say.
    bool public mispaid;
    /// @notice A session drew while it spoke for nobody, or its allowance fell by something else than it drew.
    bool public overdrawn;
    /// @notice Somebody did what only the payer or only the payee may do.
    bool public trespassed;

    function channelCount() external view returns (uint256) {
        return _descriptors.length;
    }

    function channelAt(
        uint256 index
    ) external view returns (ISliceChannels.Descriptor memory descriptor, ISliceChannels.Channel memory channel) {
        descriptor = _descriptors[index];
        channel = CHANNELS.channelOf(CHANNELS.channelIdOf(descriptor));
    }

    /// @dev Compares a channel with what it was when last looked at.
    function _look(bytes32 channelId) internal {
        ISliceChannels.Channel memory channel = CHANNELS.channelOf(channelId);
        Seen memory before = _seen[channelId];
        bool fallen = channel.deposit < before.deposit || channel.claimed < before.claimed;
        bool changed = channel.deposit != before.deposit || channel.claimed != before.claimed;
        bool moved = channel.closesAt != before.closesAt;
        if (fallen) fell = true;
        if (before.closesAt == CLOSED && (changed || moved)) reopened = true;
        if (before.closesAt != 0 && moved && channel.closesAt != CLOSED) exitMoved = true;
        _seen[channelId] = Seen(channel.deposit, channel.claimed, channel.closesAt);
    }

    /// @dev What a claim must pay: never more than is there, and the same whatever became of the session.
    function _expected(
        bytes32 channelId,
        ISliceChannels.Claim memory claim_
    ) internal view returns (uint256 paid, uint256 total) {
        ISliceChannels.Channel memory channel = CHANNELS.channelOf(channelId);
        total = channel.claimed;
        if (channel.closesAt == CLOSED) return (0, total);
        uint256 promised = claim_.voucher.cumulative + claim_.ticks * claim_.voucher.tickValue;
        if (promised > channel.deposit) promised = channel.deposit;
        if (promised > total) (paid, total) = (promised - total, promised);
    }
}
