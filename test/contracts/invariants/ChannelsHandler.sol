// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {PackedPromise} from "../../../contracts/libraries/PackedPromise.sol";
import {SliceChannels} from "../../../contracts/SliceChannels.sol";
import {TestToken} from "../mocks/TestToken.sol";
import {VM, GENERATOR_X, GENERATOR_Y, acceptAnySignature, clamp} from "./Vm.sol";

/// @notice Draws random calls for two payers and two payees in two tokens, and keeps its own books beside the contract's.
contract ChannelsHandler {
    struct Seen {
        uint96 deposit;
        uint96 claimed;
        bool closed;
    }

    SliceChannels public immutable CHANNELS;
    address[2] public tokens;
    address[2] public payers = [address(0xA1), address(0xA2)];
    address[2] public payees = [address(0xB1), address(0xB2)];

    ISliceChannels.Descriptor[] private _descriptors;
    mapping(bytes32 channelId => Seen seen) public seen;
    mapping(address token => uint256 amount) public deposited;
    mapping(address token => uint256 amount) public withdrawn;
    mapping(address token => uint256 amount) public claimed;

    /// @notice Set once a total fell.
    bool public fell;
    /// @notice Set once a closed channel changed.
    bool public reopened;

    constructor() {
        CHANNELS = new SliceChannels();
        TestToken token = new TestToken();
        tokens = [address(0), address(token)];
        acceptAnySignature();
        for (uint256 i = 0; i < payers.length; ++i) {
            VM.deal(payers[i], type(uint128).max);
            token.mint(payers[i], type(uint128).max);
            VM.prank(payers[i]);
            token.approve(address(CHANNELS), type(uint256).max);
        }
    }

    function deposit(uint256 who, uint256 what, uint96 amount, uint96 limit) external {
        (address payer, address token) = (payers[who % 2], tokens[what % 2]);
        amount = uint96(clamp(amount, 1, type(uint80).max));
        VM.prank(payer);
        CHANNELS.depositAndAuthorize{value: token == address(0) ? amount : 0}(
            token,
            amount,
            session(),
            limit,
            uint64(block.timestamp + 1 days)
        );
        deposited[token] += amount;
    }

    function revoke(uint256 who) external {
        VM.prank(payers[who % 2]);
        CHANNELS.revoke(session());
    }

    function open(uint256 who, uint256 whom, uint256 what, uint256 amount, uint24 challenge) external {
        ISliceChannels.OpenIntent memory intent;
        intent.payer = payers[who % 2];
        intent.payee = payees[whom % 2];
        intent.token = tokens[what % 2];
        intent.session = session();
        intent.salt = bytes32(_descriptors.length);
        intent.challenge = challenge;
        intent.deadline = uint64(block.timestamp);
        uint256 most = CHANNELS.balanceOf(intent.payer, intent.token);
        uint256 allowed = CHANNELS.grantOf(intent.payer, session(), intent.token).remaining;
        if (allowed < most) most = allowed;
        if (most == 0) return;
        intent.amount = clamp(amount, 1, most);
        try CHANNELS.open(intent, _signature()) returns (bytes32 channelId) {
            _descriptors.push(
                ISliceChannels.Descriptor(intent.payer, intent.payee, intent.token, intent.session, intent.salt)
            );
            _look(channelId);
        } catch {}
    }

    function topUp(uint256 which, uint256 added) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        bytes32 channelId = CHANNELS.channelIdOf(descriptor);
        uint256 newDeposit = CHANNELS.channelOf(channelId).deposit + clamp(added, 0, type(uint80).max);
        ISliceChannels.TopUp memory order = ISliceChannels.TopUp(channelId, newDeposit, uint64(block.timestamp));
        try CHANNELS.topUp(descriptor, order, _signature()) {} catch {}
        _look(channelId);
    }

    function claim(uint256 which, uint256 cumulative, uint96 tickValue, uint32 ticks, bool andClose) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Claim memory claim_ = _claim(_pick(which), clamp(cumulative, 0, type(uint88).max));
        claim_.voucher.tickValue = tickValue;
        claim_.voucher.maxTicks = 8;
        claim_.ticks = uint32(clamp(ticks, 0, 8));
        for (uint256 i = 0; i < claim_.ticks; ++i) {
            claim_.voucher.tickRoot = keccak256(abi.encode(claim_.voucher.tickRoot));
        }
        address token = claim_.descriptor.token;
        if (andClose) {
            VM.prank(claim_.descriptor.payee);
            try CHANNELS.claimAndClose(claim_) returns (uint256 paid, uint256) {
                claimed[token] += paid;
            } catch {}
        } else {
            ISliceChannels.BatchClaim[] memory twice = new ISliceChannels.BatchClaim[](2);
            (twice[0], twice[1]) = (_packed(claim_), _packed(claim_));
            try CHANNELS.claimBatch(claim_.descriptor.payee, token, twice) returns (uint256 paid) {
                claimed[token] += paid;
            } catch {}
        }
        _look(claim_.voucher.channelId);
    }

    function requestClose(uint256 which) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        VM.prank(descriptor.payer);
        try CHANNELS.requestClose(descriptor) {} catch {}
        _look(CHANNELS.channelIdOf(descriptor));
    }

    function close(uint256 which, bool byPayee) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        if (byPayee) {
            VM.prank(descriptor.payee);
            try CHANNELS.closeNow(descriptor) {} catch {}
        } else {
            try CHANNELS.finalizeClose(descriptor) {} catch {}
        }
        _look(CHANNELS.channelIdOf(descriptor));
    }

    function withdraw(uint256 who, uint256 what, uint96 amount) external {
        (address payer, address token) = (payers[who % 2], tokens[what % 2]);
        VM.prank(payer);
        if (amount % 2 == 0) {
            try CHANNELS.requestWithdraw(token, amount) {} catch {}
        } else {
            try CHANNELS.withdraw(token) returns (uint256 paid) {
                withdrawn[token] += paid;
            } catch {}
        }
    }

    function pass(uint32 elapsed) external {
        VM.warp(block.timestamp + clamp(elapsed, 1, 2 days));
    }

    function channelCount() external view returns (uint256) {
        return _descriptors.length;
    }

    function channelAt(
        uint256 index
    ) external view returns (address token, address payee, ISliceChannels.Channel memory) {
        ISliceChannels.Descriptor memory descriptor = _descriptors[index];
        return (descriptor.token, descriptor.payee, CHANNELS.channelOf(CHANNELS.channelIdOf(descriptor)));
    }

    function session() public pure returns (ISliceChannels.Session memory) {
        return ISliceChannels.Session(GENERATOR_X, GENERATOR_Y);
    }

    /// @dev Compares a channel with what it was when last looked at.
    function _look(bytes32 channelId) private {
        ISliceChannels.Channel memory channel = CHANNELS.channelOf(channelId);
        Seen memory before = seen[channelId];
        bool closed = channel.closesAt == type(uint40).max;
        if (channel.deposit < before.deposit || channel.claimed < before.claimed) fell = true;
        bool changed = channel.deposit != before.deposit || channel.claimed != before.claimed;
        if (before.closed && (!closed || changed)) reopened = true;
        seen[channelId] = Seen(channel.deposit, channel.claimed, closed);
    }

    function _claim(
        ISliceChannels.Descriptor memory descriptor,
        uint256 cumulative
    ) private view returns (ISliceChannels.Claim memory claim_) {
        claim_.descriptor = descriptor;
        claim_.voucher.channelId = CHANNELS.channelIdOf(descriptor);
        claim_.voucher.cumulative = cumulative;
        claim_.signature = _signature();
    }

    function _packed(
        ISliceChannels.Claim memory claim_
    ) private pure returns (ISliceChannels.BatchClaim memory packed) {
        ISliceChannels.Voucher memory voucher = claim_.voucher;
        packed.payer = claim_.descriptor.payer;
        packed.session = claim_.descriptor.session;
        packed.salt = claim_.descriptor.salt;
        packed.promised = PackedPromise.wrap(
            voucher.cumulative |
                (voucher.tickValue << 96) |
                (uint256(voucher.maxTicks) << 192) |
                (uint256(claim_.ticks) << 224)
        );
        packed.tick = claim_.tick;
        packed.signature = claim_.signature;
    }

    function _pick(uint256 which) private view returns (ISliceChannels.Descriptor memory) {
        return _descriptors[which % _descriptors.length];
    }

    function _signature() private pure returns (ISliceChannels.Signature memory) {
        return ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
    }
}
