// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {PackedPromise} from "../../../contracts/libraries/PackedPromise.sol";
import {ChannelsBooks} from "./ChannelsBooks.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice Draws random calls for all payers, payees and sessions of the cast, in both tokens.
contract ChannelsHandler is ChannelsBooks {
    uint32 private constant _CHAIN = 8;

    function deposit(uint256 who, uint256 what, uint256 which, uint96 amount, uint96 limit, uint32 life) external {
        (address payer, address token) = (payers[who % PAYERS], tokens[what % TOKENS]);
        amount = uint96(clamp(amount, 1, type(uint80).max));
        uint64 expiry = uint64(block.timestamp + clamp(life, 1, 3 days));
        VM.prank(payer);
        CHANNELS.depositAndAuthorize{value: _value(token, amount)}(token, amount, session(which), limit, expiry);
        spent[payer][token] += amount;
    }

    function depositFor(uint256 who, uint256 whom, uint256 what, uint96 amount) external {
        (address from, address token) = (payers[who % PAYERS], tokens[what % TOKENS]);
        amount = uint96(clamp(amount, 1, type(uint80).max));
        VM.prank(from);
        CHANNELS.depositFor{value: _value(token, amount)}(payers[whom % PAYERS], token, amount);
        spent[from][token] += amount;
    }

    function authorize(uint256 who, uint256 what, uint256 which, uint96 limit, uint32 life) external {
        VM.prank(payers[who % PAYERS]);
        CHANNELS.authorize(
            session(which),
            tokens[what % TOKENS],
            limit,
            uint64(block.timestamp + clamp(life, 1, 3 days))
        );
    }

    function revoke(uint256 who, uint256 which) external {
        VM.prank(payers[who % PAYERS]);
        CHANNELS.revoke(session(which));
    }

    function open(uint256 who, uint256 whom, uint256 what, uint256 which, uint256 amount, uint24 challenge) external {
        ISliceChannels.OpenIntent memory intent = _intent(who, whom, what, which);
        intent.challenge = challenge;
        uint256 most = CHANNELS.balanceOf(intent.payer, intent.token);
        // Now and then more than is there.
        intent.amount = clamp(amount, 1, most + most / 4 + 1);
        _open(intent);
    }

    function openTwice(uint256 who, uint256 whom, uint256 what, uint256 which, uint256 amount) external {
        ISliceChannels.OpenIntent[] memory intents = new ISliceChannels.OpenIntent[](2);
        ISliceChannels.Signature[] memory signatures = new ISliceChannels.Signature[](2);
        for (uint256 i = 0; i < 2; ++i) {
            intents[i] = _intent(who, whom + i, what, which);
            intents[i].amount = clamp(amount, 1, CHANNELS.balanceOf(intents[i].payer, intents[i].token) / 2 + 1);
            intents[i].salt = keccak256(abi.encode(_descriptors.length, i));
            signatures[i] = _signature();
        }
        bytes32[] memory channelIds = CHANNELS.openBatch(intents, signatures);
        for (uint256 i = 0; i < 2; ++i) if (channelIds[i] != 0) _remember(intents[i]);
    }

    function topUp(uint256 which, uint256 added) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        bytes32 channelId = CHANNELS.channelIdOf(descriptor);
        uint256 newDeposit = CHANNELS.channelOf(channelId).deposit + clamp(added, 0, type(uint80).max);
        ISliceChannels.TopUp memory order = ISliceChannels.TopUp(channelId, newDeposit, uint64(block.timestamp));
        VM.prank(STRANGER);
        try CHANNELS.topUp(descriptor, order, _signature()) {} catch {}
        _look(channelId);
    }

    function claim(uint256 which, uint256 cumulative, uint96 tickValue, uint32 ticks, bool andClose) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Claim memory claim_ = _claim(_pick(which), cumulative, tickValue, ticks);
        ISliceChannels.Descriptor memory descriptor = claim_.descriptor;
        bytes32 channelId = claim_.voucher.channelId;
        (uint256 expected, ) = _expected(channelId, claim_);
        bool open_ = CHANNELS.channelOf(channelId).closesAt != CLOSED;
        if (andClose) {
            VM.prank(descriptor.payee);
            try CHANNELS.claimAndClose(claim_) returns (uint256 paid, uint256) {
                _earn(descriptor, paid, expected);
            } catch {
                if (open_) mispaid = true;
            }
        } else {
            try CHANNELS.claim(claim_) returns (uint256 paid) {
                _earn(descriptor, paid, expected);
            } catch {
                if (expected != 0) mispaid = true;
            }
        }
        _look(channelId);
    }

    /// @notice Claims all of a payee's channels in one token at once, the first of them twice.
    function claimBatch(uint256 whom, uint256 what, uint256 cumulative, uint96 tickValue, uint32 ticks) external {
        (address payee, address token) = (payees[whom % PAYEES], tokens[what % TOKENS]);
        ISliceChannels.BatchClaim[] memory batch = new ISliceChannels.BatchClaim[](_descriptors.length + 1);
        uint256 count;
        uint256 expected;
        for (uint256 i = 0; i < _descriptors.length; ++i) {
            if (_descriptors[i].payee != payee || _descriptors[i].token != token) continue;
            ISliceChannels.Claim memory claim_ = _claim(
                _descriptors[i],
                uint256(keccak256(abi.encode(cumulative, i))),
                tickValue,
                ticks
            );
            (uint256 paid, ) = _expected(claim_.voucher.channelId, claim_);
            expected += paid;
            if (count == 0) batch[count++] = _packed(claim_);
            batch[count++] = _packed(claim_);
        }
        assembly ("memory-safe") {
            mstore(batch, count)
        }
        VM.prank(STRANGER);
        try CHANNELS.claimBatch(payee, token, batch) returns (uint256 paid) {
            if (paid != expected) mispaid = true;
            earned[payee][token] += paid;
        } catch {
            mispaid = true;
        }
        for (uint256 i = 0; i < _descriptors.length; ++i) _look(CHANNELS.channelIdOf(_descriptors[i]));
    }

    function requestClose(uint256 which, uint256 who) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        address caller = payers[who % PAYERS];
        VM.prank(caller);
        try CHANNELS.requestClose(descriptor) {
            if (caller != descriptor.payer) trespassed = true;
        } catch {}
        _look(CHANNELS.channelIdOf(descriptor));
    }

    function closeNow(uint256 which, uint256 whom) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        address caller = payees[whom % PAYEES];
        VM.prank(caller);
        try CHANNELS.closeNow(descriptor) {
            if (caller != descriptor.payee) trespassed = true;
        } catch {}
        _look(CHANNELS.channelIdOf(descriptor));
    }

    function finalizeClose(uint256 which) external {
        if (_descriptors.length == 0) return;
        ISliceChannels.Descriptor memory descriptor = _pick(which);
        bytes32 channelId = CHANNELS.channelIdOf(descriptor);
        uint40 closesAt = CHANNELS.channelOf(channelId).closesAt;
        bool due = closesAt != 0 && closesAt != CLOSED && block.timestamp >= closesAt;
        VM.prank(STRANGER);
        try CHANNELS.finalizeClose(descriptor) {
            if (!due) exitMistimed = true;
        } catch {
            if (due) exitMistimed = true;
        }
        _look(channelId);
    }

    function requestWithdraw(uint256 who, uint256 what, uint96 amount) external {
        VM.prank(payers[who % PAYERS]);
        CHANNELS.requestWithdraw(tokens[what % TOKENS], clamp(amount, 1, type(uint96).max));
    }

    function withdraw(uint256 who, uint256 what) external {
        (address payer, address token) = (payers[who % PAYERS], tokens[what % TOKENS]);
        VM.prank(payer);
        try CHANNELS.withdraw(token) returns (uint256 paid) {
            withdrawn[payer][token] += paid;
        } catch {}
    }

    function pass(uint32 elapsed) external {
        VM.warp(block.timestamp + clamp(elapsed, 1, 2 days));
    }

    function _open(ISliceChannels.OpenIntent memory intent) private {
        ISliceChannels.Grant memory before = CHANNELS.grantOf(intent.payer, intent.session, intent.token);
        VM.prank(intent.payee);
        try CHANNELS.open(intent, _signature()) {
            uint96 left = CHANNELS.grantOf(intent.payer, intent.session, intent.token).remaining;
            if (before.expiry <= block.timestamp || left + intent.amount != before.remaining) overdrawn = true;
            _remember(intent);
        } catch {}
    }

    function _remember(ISliceChannels.OpenIntent memory intent) private {
        _descriptors.push(
            ISliceChannels.Descriptor(intent.payer, intent.payee, intent.token, intent.session, intent.salt)
        );
        _look(CHANNELS.channelIdOf(_descriptors[_descriptors.length - 1]));
    }

    function _earn(ISliceChannels.Descriptor memory descriptor, uint256 paid, uint256 expected) private {
        if (paid != expected) mispaid = true;
        earned[descriptor.payee][descriptor.token] += paid;
    }

    function _intent(
        uint256 who,
        uint256 whom,
        uint256 what,
        uint256 which
    ) private view returns (ISliceChannels.OpenIntent memory intent) {
        intent.payer = payers[who % PAYERS];
        intent.payee = payees[whom % PAYEES];
        intent.token = tokens[what % TOKENS];
        intent.session = session(which);
        intent.salt = bytes32(_descriptors.length);
        intent.deadline = uint64(block.timestamp);
    }

    function _claim(
        ISliceChannels.Descriptor memory descriptor,
        uint256 cumulative,
        uint96 tickValue,
        uint32 ticks
    ) private view returns (ISliceChannels.Claim memory claim_) {
        claim_.descriptor = descriptor;
        claim_.voucher.channelId = CHANNELS.channelIdOf(descriptor);
        // Around the deposit, so that a channel is claimed from several times before it is empty, and beyond.
        uint256 most = CHANNELS.channelOf(claim_.voucher.channelId).deposit;
        claim_.voucher.cumulative = clamp(cumulative, 0, most + most / 8);
        claim_.voucher.tickValue = clamp(tickValue, 0, most / _CHAIN);
        claim_.voucher.maxTicks = _CHAIN;
        claim_.ticks = uint32(clamp(ticks, 0, _CHAIN));
        for (uint256 i = 0; i < claim_.ticks; ++i) {
            claim_.voucher.tickRoot = keccak256(abi.encode(claim_.voucher.tickRoot));
        }
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

    function _value(address token, uint256 amount) private pure returns (uint256) {
        return token == address(0) ? amount : 0;
    }
}
