// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Escrow} from "./channels/Escrow.sol";
import {Sessions} from "./channels/Sessions.sol";
import {ISliceChannels} from "./interfaces/ISliceChannels.sol";
import {BatchClaims} from "./libraries/BatchClaims.sol";
import {BatchTotals} from "./libraries/BatchTotals.sol";
import {ChannelWord} from "./libraries/ChannelWord.sol";
import {PackedPromise} from "./libraries/PackedPromise.sol";
import {SessionStructs} from "./libraries/SessionStructs.sol";
import {TickChain} from "./libraries/TickChain.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title SliceChannels
/// @notice See {ISliceChannels}. No owner, no upgrade: what is in a channel leaves it to its payee or back to its payer.
contract SliceChannels is ISliceChannels, Escrow, Sessions, EIP712 {
    using BatchClaims for BatchClaims.Buffer;
    using BatchTotals for BatchTotals.List;
    using SessionStructs for OpenIntent;
    using SessionStructs for TopUp;
    using SessionStructs for Voucher;

    /// @dev Furthest ahead that an order's deadline may lie when it is submitted.
    uint256 private constant _MAX_DEADLINE = 1 hours;

    /// @dev A struct so that its place is computed once where it is read and written.
    /// @param word Packed by {ChannelWord}.
    struct Slot {
        uint256 word;
    }

    mapping(bytes32 channelId => Slot slot) private _channels;

    constructor() EIP712("Sluice", "1") {}

    /// @inheritdoc ISliceChannels
    function depositAndAuthorize(
        address token,
        uint256 amount,
        Session calldata session,
        uint96 limit,
        uint64 expiry
    ) external payable override {
        _authorize(session, token, limit, expiry);
        _deposit(msg.sender, token, amount);
    }

    /// @inheritdoc ISliceChannels
    function depositAndAuthorizeWithPermit(
        address token,
        uint256 amount,
        Session calldata session,
        uint96 limit,
        uint64 expiry,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external override {
        Tokens.tryPermit(token, amount, deadline, v, r, s);
        _authorize(session, token, limit, expiry);
        _deposit(msg.sender, token, amount);
    }

    /// @inheritdoc ISliceChannels
    function open(
        OpenIntent calldata intent,
        Signature calldata signature
    ) external override returns (bytes32 channelId) {
        return _open(intent, signature);
    }

    /// @inheritdoc ISliceChannels
    function openBatch(
        OpenIntent[] calldata intents,
        Signature[] calldata signatures
    ) external override returns (bytes32[] memory channelIds) {
        if (intents.length != signatures.length) {
            revert SliceChannels_LengthMismatch(intents.length, signatures.length);
        }
        channelIds = new bytes32[](intents.length);
        for (uint256 i = 0; i < intents.length; ++i) {
            // A call of its own, which is undone where it fails: no payer can fail the others' opens.
            try this.open(intents[i], signatures[i]) returns (bytes32 channelId) {
                channelIds[i] = channelId;
            } catch {}
        }
    }

    /// @inheritdoc ISliceChannels
    function topUp(
        Descriptor calldata descriptor,
        TopUp calldata order,
        Signature calldata signature
    ) external override {
        // Check: in time, for this channel, more than is there, signed by the channel's session.
        _checkDeadline(order.deadline);
        (bytes32 channelId, Channel memory channel) = _unclosed(descriptor);
        if (order.channelId != channelId) revert SliceChannels_ChannelMismatch(order.channelId, channelId);
        if (channel.closesAt != 0) revert SliceChannels_ChannelClosing(channelId, channel.closesAt);
        uint96 newDeposit = _toUint96(order.newDeposit);
        if (newDeposit <= channel.deposit) {
            revert SliceChannels_TopUpStale(channelId, newDeposit, channel.deposit);
        }
        _verify(channelId, descriptor.session, hashTopUp(order), signature);

        // Effect: from the escrow into the channel, and off the session's allowance.
        uint96 added = newDeposit - channel.deposit;
        _draw(descriptor.payer, _sessionId(descriptor.session), descriptor.token, added);
        _debit(descriptor.payer, descriptor.token, added);
        channel.deposit = newDeposit;
        _channels[channelId].word = ChannelWord.pack(channel);
        emit ChannelToppedUp(channelId, newDeposit);
    }

    /// @inheritdoc ISliceChannels
    function claim(Claim calldata claim_) external override nonReentrant returns (uint256 paid) {
        // Check and effect: see {_claim}; a closed channel and a voucher with nothing to add are refused here.
        (bytes32 channelId, Channel memory channel) = _unclosed(claim_.descriptor);
        paid = _claim(channelId, channel, claim_);
        if (paid == 0) {
            uint256 offered = _promised(claim_);
            if (offered > channel.deposit) revert SliceChannels_DepositSpent(channelId, offered, channel.deposit);
            revert SliceChannels_VoucherStale(channelId, offered, channel.claimed);
        }

        // Interaction: to the payee only, whoever calls.
        _pay(claim_.descriptor.token, claim_.descriptor.payee, paid);
    }

    /// @inheritdoc ISliceChannels
    function claimBatch(
        address payee,
        address token,
        BatchClaim[] calldata claims
    ) external override nonReentrant returns (uint256 paid) {
        BatchClaims.Buffer buffer = BatchClaims.prepare(_domainSeparatorV4(), payee, token);
        BatchTotals.List totals = BatchTotals.create(claims.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            // Check and effect: remember every total before the tokens move.
            (bytes32 channelId, uint256 added, uint256 total) = _claimOfBatch(buffer, claims[i]);
            if (added == 0) continue;
            unchecked {
                paid += added;
            }
            totals.push(channelId, total);
        }
        if (paid == 0) return 0;
        totals.emitBatchClaimed(payee, token);

        // Interaction: to the one payee of all these channels, whoever calls.
        _pay(token, payee, paid);
    }

    /// @inheritdoc ISliceChannels
    function closeNow(Descriptor calldata descriptor) external override returns (uint256 refunded) {
        // Check: the payee alone may give up what it could still claim.
        if (msg.sender != descriptor.payee) revert SliceChannels_NotPayee(msg.sender, descriptor.payee);
        (bytes32 channelId, Channel memory channel) = _unclosed(descriptor);

        // Effect: closed for good, the rest back in escrow.
        return _close(channelId, channel, descriptor);
    }

    /// @inheritdoc ISliceChannels
    function claimAndClose(
        Claim calldata claim_
    ) external override nonReentrant returns (uint256 paid, uint256 refunded) {
        // Check: the payee alone, as in `closeNow`.
        Descriptor calldata descriptor = claim_.descriptor;
        if (msg.sender != descriptor.payee) revert SliceChannels_NotPayee(msg.sender, descriptor.payee);
        (bytes32 channelId, Channel memory channel) = _unclosed(descriptor);

        // Effect: both before any token moves.
        paid = _claim(channelId, channel, claim_);
        refunded = _close(channelId, channel, descriptor);

        // Interaction: to the payee only.
        _pay(descriptor.token, descriptor.payee, paid);
    }

    /// @inheritdoc ISliceChannels
    function requestClose(Descriptor calldata descriptor) external override {
        // Check: the payer, once, and an end that the word can tell from closed.
        if (msg.sender != descriptor.payer) revert SliceChannels_NotPayer(msg.sender, descriptor.payer);
        (bytes32 channelId, Channel memory channel) = _unclosed(descriptor);
        if (channel.closesAt != 0) revert SliceChannels_ChannelClosing(channelId, channel.closesAt);

        uint256 closesAt = block.timestamp + channel.challenge;
        if (closesAt >= ChannelWord.CLOSED) revert SliceChannels_CloseTooFar(closesAt, ChannelWord.CLOSED - 1);

        // Effect: the payee's window starts.
        channel.closesAt = uint40(closesAt);
        _channels[channelId].word = ChannelWord.pack(channel);
        emit CloseRequested(channelId, channel.closesAt);
    }

    /// @inheritdoc ISliceChannels
    function finalizeClose(Descriptor calldata descriptor) external override returns (uint256 refunded) {
        // Check: asked for, and the payee's window over.
        (bytes32 channelId, Channel memory channel) = _unclosed(descriptor);
        if (channel.closesAt == 0) revert SliceChannels_NotClosing(channelId);
        if (block.timestamp < channel.closesAt) {
            revert SliceChannels_CloseTooEarly(block.timestamp, channel.closesAt);
        }

        // Effect: closed for good, the rest back in escrow.
        return _close(channelId, channel, descriptor);
    }

    /// @inheritdoc ISliceChannels
    function channelOf(bytes32 channelId) external view override returns (Channel memory) {
        return ChannelWord.unpack(_channels[channelId].word);
    }

    /// @inheritdoc ISliceChannels
    function channelIdOf(Descriptor calldata descriptor) public view override returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), descriptor));
    }

    /// @inheritdoc ISliceChannels
    function hashOpenIntent(OpenIntent calldata intent) public view override returns (bytes32) {
        return _hashTypedDataV4(intent.hash());
    }

    /// @inheritdoc ISliceChannels
    function hashTopUp(TopUp calldata order) public view override returns (bytes32) {
        return _hashTypedDataV4(order.hash());
    }

    /// @inheritdoc ISliceChannels
    function hashVoucher(Voucher calldata voucher) public view override returns (bytes32) {
        return _hashTypedDataV4(voucher.hash());
    }

    function _open(OpenIntent calldata intent, Signature calldata signature) private returns (bytes32 channelId) {
        // Check: in time, payable, never opened before, signed by the session that it names.
        _checkDeadline(intent.deadline);
        if (intent.payee == address(0) || intent.payee == address(this)) {
            revert SliceChannels_PayeeInvalid(intent.payee);
        }
        uint96 amount = _toAmount(intent.amount);
        channelId = _channelIdOf(intent);
        if (_channels[channelId].word != 0) revert SliceChannels_ChannelExists(channelId);
        _verify(channelId, intent.session, hashOpenIntent(intent), signature);

        // Effect: off the session's allowance, from the escrow into the channel.
        _draw(intent.payer, _sessionId(intent.session), intent.token, amount);
        _debit(intent.payer, intent.token, amount);
        _channels[channelId].word = ChannelWord.opened(amount, intent.challenge);
        _emitOpened(channelId, intent);
    }

    /// @dev Pays out nothing itself: checks the claim and raises the channel's running total.
    /// @return paid What is to be transferred; zero where the voucher has nothing to add, and then nothing else is checked.
    function _claim(bytes32 channelId, Channel memory channel, Claim calldata claim_) private returns (uint256 paid) {
        // Check: for this channel, within the chain's length, revealed truly, signed by the channel's session.
        Voucher calldata voucher = claim_.voucher;
        if (voucher.channelId != channelId) revert SliceChannels_ChannelMismatch(voucher.channelId, channelId);
        uint256 promised = _promised(claim_);
        uint256 total = promised < channel.deposit ? promised : channel.deposit;
        if (total <= channel.claimed) return 0;
        bytes32 tickRoot = TickChain.root(claim_.tick, claim_.ticks);
        if (tickRoot != voucher.tickRoot) revert SliceChannels_TickInvalid(channelId, tickRoot, voucher.tickRoot);
        _verify(channelId, claim_.descriptor.session, hashVoucher(voucher), claim_.signature);

        // Effect: remember the new total before any token moves.
        paid = total - channel.claimed;
        channel.claimed = uint96(total);
        _channels[channelId].word = ChannelWord.pack(channel);
        emit Claimed(channelId, claim_.descriptor.payee, paid, total);
    }

    /// @dev As {_claim}, for a channel that the buffer's hash alone identifies.
    /// @return channelId The channel.
    /// @return added What is to be transferred; zero for a channel that closed in between and for a voucher with nothing to
    /// add, so that neither fails the others of its batch.
    /// @return total The channel's running total with it.
    function _claimOfBatch(
        BatchClaims.Buffer buffer,
        BatchClaim calldata claim_
    ) private returns (bytes32 channelId, uint256 added, uint256 total) {
        // Check: opened, not closed, within the chain's length, with something to add.
        channelId = buffer.channelIdOf(claim_);
        Slot storage slot = _channels[channelId];
        uint256 word = slot.word;
        if (word == 0) revert SliceChannels_ChannelUnknown(channelId);
        if (ChannelWord.isClosed(word)) return (channelId, 0, 0);
        PackedPromise promised = claim_.promised;
        _checkTicks(promised.ticks(), promised.maxTicks());
        total = promised.total();
        uint256 deposit_ = ChannelWord.depositOf(word);
        if (total > deposit_) total = deposit_;
        uint256 claimed = ChannelWord.claimedOf(word);
        if (total <= claimed) return (channelId, 0, 0);

        // Check: signed by the channel's session, whose key is part of the id.
        _verifyOfBatch(buffer, channelId, claim_);

        // Effect: remember the new total before any token moves.
        unchecked {
            added = total - claimed;
        }
        slot.word = ChannelWord.addClaimed(word, added);
    }

    /// @dev Ends a channel: its word stays, the rest returns to the payer's escrow and to the session's allowance.
    function _close(
        bytes32 channelId,
        Channel memory channel,
        Descriptor calldata descriptor
    ) private returns (uint256 refunded) {
        uint96 rest = channel.deposit - channel.claimed;
        channel.closesAt = ChannelWord.CLOSED;
        _channels[channelId].word = ChannelWord.pack(channel);
        _credit(descriptor.payer, descriptor.token, rest);
        _restore(descriptor.payer, _sessionId(descriptor.session), descriptor.token, rest);
        emit ChannelClosed(channelId, channel.claimed, rest);
        return rest;
    }

    function _emitOpened(bytes32 channelId, OpenIntent calldata intent) private {
        emit ChannelOpened(
            channelId,
            intent.payer,
            intent.payee,
            intent.token,
            intent.session.qx,
            intent.session.qy,
            intent.salt,
            intent.amount,
            intent.challenge
        );
    }

    function _verifyOfBatch(BatchClaims.Buffer buffer, bytes32 channelId, BatchClaim calldata claim_) private view {
        bytes32 digest = buffer.digestOf(channelId, claim_.promised, claim_.tick);
        _verify(channelId, claim_.session, digest, claim_.signature);
    }

    function _known(bytes32 channelId) private view returns (Channel memory) {
        uint256 word = _channels[channelId].word;
        if (word == 0) revert SliceChannels_ChannelUnknown(channelId);
        return ChannelWord.unpack(word);
    }

    function _unclosed(
        Descriptor calldata descriptor
    ) private view returns (bytes32 channelId, Channel memory channel) {
        channelId = channelIdOf(descriptor);
        channel = _known(channelId);
        if (channel.closesAt == ChannelWord.CLOSED) revert SliceChannels_ChannelClosed(channelId);
    }

    function _checkDeadline(uint64 deadline) private view {
        if (block.timestamp > deadline) revert SliceChannels_OrderExpired(deadline, block.timestamp);
        uint256 maximum = block.timestamp + _MAX_DEADLINE;
        if (deadline > maximum) revert SliceChannels_OrderTooFar(deadline, maximum);
    }

    function _channelIdOf(OpenIntent calldata intent) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    block.chainid,
                    address(this),
                    intent.payer,
                    intent.payee,
                    intent.token,
                    intent.session,
                    intent.salt
                )
            );
    }

    /// @dev What the voucher and its ticks promise in all; every factor is bounded, so the sum cannot overflow.
    function _promised(Claim calldata claim_) private pure returns (uint256) {
        Voucher calldata voucher = claim_.voucher;
        _checkTicks(claim_.ticks, voucher.maxTicks);
        return uint256(_toUint96(voucher.cumulative)) + uint256(claim_.ticks) * _toUint96(voucher.tickValue);
    }

    /// @dev Its errors do not name the channel, which would cost every claim of a batch 63 gas.
    function _checkTicks(uint32 ticks, uint32 maxTicks) private pure {
        if (maxTicks > TickChain.MAX_TICKS) revert SliceChannels_TicksExceeded(maxTicks, TickChain.MAX_TICKS);
        if (ticks > maxTicks) revert SliceChannels_TicksExceeded(ticks, maxTicks);
    }
}
