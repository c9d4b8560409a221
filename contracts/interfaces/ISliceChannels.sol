// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PackedPromise} from "../libraries/PackedPromise.sol";

/// @title ISliceChannels
/// @notice Escrow, sessions and one-way payment channels between a payer (a consumer's wallet) and many payees (seeders).
/// All amounts are in token base units; `token` is an ERC-20, or address zero for the chain's native coin.
/// All times are unix seconds. Everything a session signs is an EIP-712 struct of the domain
/// `{name: "Sluice", version: "1", chainId, verifyingContract: this contract}`; since WebCrypto hashes with SHA-256, what
/// P-256 signs and this contract verifies is `sha256(EIP-712 digest)`. High-s signatures are refused.
interface ISliceChannels {
    /// @notice A P-256 public key that speaks for a wallet, within a limit and until an expiry.
    /// @param qx The x coordinate of the point, big-endian.
    /// @param qy The y coordinate of the point, big-endian.
    struct Session {
        bytes32 qx;
        bytes32 qy;
    }

    /// @notice A P-256 signature in raw form, `s` at most half the group order.
    struct Signature {
        bytes32 r;
        bytes32 s;
    }

    /// @notice What identifies a channel; travels in calldata, only its hash is stored.
    /// `channelId = keccak256(abi.encode(chainId, contract, payer, payee, token, qx, qy, salt))`.
    struct Descriptor {
        address payer;
        address payee;
        address token;
        Session session;
        bytes32 salt;
    }

    /// @notice A session's order to move `amount` from the payer's escrow into a channel that only `payee` can claim.
    /// EIP-712 type: `OpenIntent(address payer,address payee,address token,uint256 amount,uint24 challenge,bytes32 qx,bytes32 qy,bytes32 salt,uint64 deadline)`.
    /// @param amount The channel's first deposit; refused above `type(uint96).max`.
    /// @param challenge Seconds the payee keeps for claiming after the payer asked to close.
    /// @param deadline Last second at which the intent may be submitted; at most one hour ahead.
    struct OpenIntent {
        address payer;
        address payee;
        address token;
        uint256 amount;
        uint24 challenge;
        Session session;
        bytes32 salt;
        uint64 deadline;
    }

    /// @notice A session's order to raise a channel's deposit to `newDeposit`: absolute, so replaying it is harmless.
    /// EIP-712 type: `TopUp(bytes32 channelId,uint256 newDeposit,uint64 deadline)`.
    /// @param newDeposit The deposit after it; refused at or below the present one and above `type(uint96).max`.
    /// @param deadline Last second at which the order may be submitted; at most one hour ahead.
    struct TopUp {
        bytes32 channelId;
        uint256 newDeposit;
        uint64 deadline;
    }

    /// @notice A session's promise, cumulative over the channel's life.
    /// EIP-712 type: `Voucher(bytes32 channelId,uint256 cumulative,bytes32 tickRoot,uint256 tickValue,uint32 maxTicks)`.
    /// @param cumulative Total promised by the voucher itself; refused above `type(uint96).max`.
    /// @param tickRoot Last link of a keccak256 chain; revealing the n-th preimage promises `n * tickValue` more.
    /// @param tickValue What one revealed link is worth; refused above `type(uint96).max`.
    /// @param maxTicks Length of the chain; at most 1024.
    struct Voucher {
        bytes32 channelId;
        uint256 cumulative;
        bytes32 tickRoot;
        uint256 tickValue;
        uint32 maxTicks;
    }

    /// @notice Everything a claim needs: which channel, what was promised, and the furthest revealed link.
    /// @param tick The revealed link; `keccak256` applied `ticks` times to it gives `voucher.tickRoot`.
    struct Claim {
        Descriptor descriptor;
        Voucher voucher;
        Signature signature;
        bytes32 tick;
        uint32 ticks;
    }

    /// @notice A claim in a batch, without what the batch shares (payee and token) and what follows from the rest: the
    /// channel's id, and the voucher's tick root, which is `keccak256` applied `ticks` times to `tick`. A wrong one changes
    /// the digest, and the signature fails.
    /// @param promised The voucher's cumulative, tickValue and maxTicks, and the ticks revealed.
    struct BatchClaim {
        address payer;
        Session session;
        bytes32 salt;
        PackedPromise promised;
        bytes32 tick;
        Signature signature;
    }

    /// @notice A channel as stored, unpacked.
    /// @param deposit Locked for the payee in total, claimed part included.
    /// @param claimed Running total paid to the payee.
    /// @param closesAt Zero while open, all ones once closed, else the second from which `finalizeClose` works.
    /// @param challenge Seconds between `requestClose` and `finalizeClose`.
    struct Channel {
        uint96 deposit;
        uint96 claimed;
        uint40 closesAt;
        uint24 challenge;
    }

    /// @notice What a session may still do for a wallet.
    /// @param expiry First second at which the session no longer speaks for the wallet; zero when never granted or revoked.
    /// @param limit Most that may be drawn in `token` since the grant, less what was refunded: what was claimed does not come back.
    /// @param remaining What `open` and `topUp` may still draw; refunds restore it up to `limit` while the grant stands,
    /// those of channels from an earlier grant of the same session included.
    struct Grant {
        uint64 expiry;
        uint96 limit;
        uint96 remaining;
    }

    /// @param from Who paid. @param amount What was added to the payer's escrow.
    event Deposited(address indexed payer, address indexed token, address indexed from, uint256 amount);
    /// @param amount What was asked for, which the balance may not hold. @param availableAt First second at which it is paid.
    /// @param expiresAt First second at which it no longer is.
    event WithdrawRequested(
        address indexed payer,
        address indexed token,
        uint256 amount,
        uint256 availableAt,
        uint256 expiresAt
    );
    /// @param amount What left the escrow for the payer; zero where opens had drawn everything.
    event Withdrawn(address indexed payer, address indexed token, uint256 amount);
    /// @param sessionId `keccak256(abi.encode(qx, qy))`. @param limit In `token`; also what remains, until something is drawn.
    /// @param expiry First second at which the session no longer speaks for the payer, in any token.
    event SessionAuthorized(
        address indexed payer,
        bytes32 indexed sessionId,
        address indexed token,
        bytes32 qx,
        bytes32 qy,
        uint256 limit,
        uint64 expiry
    );
    /// @notice All of the session's allowances of this payer ended.
    event SessionRevoked(address indexed payer, bytes32 indexed sessionId);
    /// @param deposit What moved from the escrow into the channel. @param challenge Seconds between `requestClose` and its end.
    event ChannelOpened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        address token,
        bytes32 qx,
        bytes32 qy,
        bytes32 salt,
        uint256 deposit,
        uint24 challenge
    );
    /// @param deposit All of it, after the top-up.
    event ChannelToppedUp(bytes32 indexed channelId, uint256 deposit);
    /// @param paid What this claim transferred. @param claimed The running total after it.
    event Claimed(bytes32 indexed channelId, address indexed payee, uint256 paid, uint256 claimed);
    /// @notice A batch of claims, in place of one `Claimed` each. Claims that were skipped are not in it.
    /// @param totals One word each: the first 20 bytes of the channel's id, then its running total after it in 12 bytes.
    event BatchClaimed(address indexed payee, address indexed token, bytes32[] totals);
    /// @param closesAt First second at which `finalizeClose` works.
    event CloseRequested(bytes32 indexed channelId, uint256 closesAt);
    /// @param claimed All that the payee ever got. @param refunded What returned to the payer's escrow.
    event ChannelClosed(bytes32 indexed channelId, uint256 claimed, uint256 refunded);

    /// @notice Adds to the caller's escrow. Native: `msg.value` must equal `amount`; ERC-20: pulled by allowance, and `msg.value` is
    /// zero. Reverts for an amount of zero or above `type(uint96).max`, and for a token that delivers less.
    function deposit(address token, uint256 amount) external payable;

    /// @notice `deposit` into another wallet's escrow; touches none of its requests or sessions.
    function depositFor(address payer, address token, uint256 amount) external payable;

    /// @notice `deposit` and `authorize` in one confirmation.
    function depositAndAuthorize(
        address token,
        uint256 amount,
        Session calldata session,
        uint96 limit,
        uint64 expiry
    ) external payable;

    /// @notice `deposit` of an ERC-2612 token after its permit; a permit that was already used does not fail the call.
    function depositWithPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice `depositAndAuthorize` of an ERC-2612 token after its permit.
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
    ) external;

    /// @notice Announces a withdrawal; replaces an earlier request and starts the delay anew. Opens may still draw meanwhile. Reverts
    /// for an amount of zero or above `type(uint96).max`; one above the balance is no error.
    function requestWithdraw(address token, uint256 amount) external;

    /// @notice After the delay, and for `WITHDRAW_WINDOW` from then on, pays `min(requested, balance)` to the caller. Later the
    /// request counts for nothing, and another one starts the delay anew. Reverts without a request, before its time and after it, and where the
    /// token or the caller refuses the payment: then all stays as it was.
    /// @return paid In `token` base units; zero where opens have drawn everything.
    function withdraw(address token) external returns (uint256 paid);

    /// @notice Lets `session` speak for the caller until `expiry` and draw up to `limit` of `token` from the escrow.
    /// With `limit` zero it speaks where nothing is paid. Replaces the session's earlier grant for that token. A session has
    /// one expiry for all tokens: the last `authorize` sets it. Once a session was revoked or ran out, nothing of its earlier
    /// allowances comes back, in any token. Reverts for a key that is no point of the curve, and an expiry that is not ahead.
    function authorize(Session calldata session, address token, uint96 limit, uint64 expiry) external;

    /// @notice Stops new opens, top-ups, Hellos and key requests at once; vouchers already signed stay claimable.
    /// Never reverts, also for a session never granted. Orders signed before count again if the same session is authorised again
    /// before their deadline: authorise a fresh one.
    function revoke(Session calldata session) external;

    /// @notice Opens a channel from a session's intent; anyone may submit it. Reverts after the intent's deadline or more than an
    /// hour before it, for a payee of zero or this contract, an id that was ever opened, a signature that does not verify, a
    /// session that does not speak for the payer now, and an amount above its allowance or the escrow.
    /// @param signature Of `hashOpenIntent(intent)`, by the session that the intent names.
    /// @return channelId `channelIdOf` the intent's descriptor.
    function open(OpenIntent calldata intent, Signature calldata signature) external returns (bytes32 channelId);

    /// @notice `open` over many intents. One that is refused is skipped, so that neither its payer nor whoever submitted it first
    /// can fail the others. Reverts where the lengths differ.
    /// @return channelIds In the order of `intents`; zero for one that was refused.
    function openBatch(
        OpenIntent[] calldata intents,
        Signature[] calldata signatures
    ) external returns (bytes32[] memory channelIds);

    /// @notice Raises a channel's deposit; never lowers it, shortens anything or cancels an exit: a closing channel refuses.
    /// Anyone may submit it. Reverts like `open`, and for a deposit at or below the present one.
    /// @param signature Of `hashTopUp(order)`, by the channel's session.
    function topUp(Descriptor calldata descriptor, TopUp calldata order, Signature calldata signature) external;

    /// @notice Pays the payee what the voucher and its ticks add to what was claimed, bounded by the deposit; anyone may submit it.
    /// What a voucher promises above the deposit stays redeemable after a top-up. Works until the channel is closed, whatever
    /// became of the session. Reverts for a closed or unknown channel, a voucher that adds nothing, more than 1,024 ticks or
    /// more than the voucher's, a tick that does not lead to its root, a signature that does not verify, and where the token or
    /// the payee refuses the payment: then all stays as it was.
    /// @return paid What was transferred now.
    function claim(Claim calldata claim_) external returns (uint256 paid);

    /// @notice `claim` over many channels to one payee in one token, with one transfer. A claim with nothing to add, and one
    /// whose channel is closed, is skipped, not refused, so that what landed in between does not fail the batch.
    /// Reverts as `claim` does otherwise; a wrong tick fails as the signature, since it changes what was signed.
    /// @return paid What was transferred now.
    function claimBatch(address payee, address token, BatchClaim[] calldata claims) external returns (uint256 paid);

    /// @notice The payee closes at once; the rest returns to the payer's escrow, and to the session's allowance while its grant
    /// stands. What was promised and not claimed is given up. Reverts for anyone else, and for a closed or unknown channel.
    /// @return refunded What returned to the escrow.
    function closeNow(Descriptor calldata descriptor) external returns (uint256 refunded);

    /// @notice The payee claims and closes at once, in one transaction. Closes also where the claim has nothing to add, so
    /// that somebody who submits the same claim first cannot hold up the exit.
    function claimAndClose(Claim calldata claim_) external returns (uint256 paid, uint256 refunded);

    /// @notice The payer starts the challenge window, in which the payee can still claim. Reverts where it would end beyond what
    /// `closesAt` can say, in the year 36812, for
    /// anyone else, and for a channel that is closing, closed or unknown.
    function requestClose(Descriptor calldata descriptor) external;

    /// @notice From `closesAt` on, anyone returns what was not claimed to the payer's escrow, and to the session's allowance
    /// while its grant stands. Reverts before, where nobody asked to close, and for a closed or unknown channel.
    /// @return refunded What returned to the escrow.
    function finalizeClose(Descriptor calldata descriptor) external returns (uint256 refunded);

    /// @notice A wallet's free escrow, channels not included.
    function balanceOf(address payer, address token) external view returns (uint256);

    /// @notice A pending withdrawal; zeroes once it has lapsed.
    function withdrawalOf(address payer, address token) external view returns (uint256 amount, uint256 availableAt);

    /// @notice What a session may do for a wallet, in one token.
    function grantOf(address payer, Session calldata session, address token) external view returns (Grant memory);

    /// @notice First second at which the session no longer speaks for the wallet; zero when never granted or revoked.
    function sessionExpiry(address payer, Session calldata session) external view returns (uint64);

    /// @notice A channel; all zeroes when it was never opened.
    function channelOf(bytes32 channelId) external view returns (Channel memory);

    /// @notice The id that a descriptor hashes to, on this chain and contract.
    function channelIdOf(Descriptor calldata descriptor) external view returns (bytes32);

    /// @notice The EIP-712 digest as this contract computes it, before the SHA-256 that P-256 signs.
    function hashOpenIntent(OpenIntent calldata intent) external view returns (bytes32);

    /// @notice As `hashOpenIntent`, for a top-up.
    function hashTopUp(TopUp calldata order) external view returns (bytes32);

    /// @notice As `hashOpenIntent`, for a voucher.
    function hashVoucher(Voucher calldata voucher) external view returns (bytes32);

    /// @notice Seconds between `requestWithdraw` and `withdraw`.
    function WITHDRAW_DELAY() external view returns (uint256);

    /// @notice Seconds for which a withdrawal stays possible, from its delay's end; the last of them is excluded.
    function WITHDRAW_WINDOW() external view returns (uint256);

    error SliceChannels_AmountZero();
    error SliceChannels_AmountTooLarge(uint256 offered, uint256 maximum);
    error SliceChannels_ValueMismatch(uint256 offered, uint256 expected);
    error SliceChannels_FeeOnTransfer(address token, uint256 received, uint256 expected);
    error SliceChannels_InsufficientEscrow(address payer, address token, uint256 required, uint256 available);
    error SliceChannels_InsufficientAllowance(bytes32 sessionId, uint256 required, uint256 available);
    error SliceChannels_SessionExpired(bytes32 sessionId, uint64 expiry, uint256 time);
    error SliceChannels_SessionInvalid(bytes32 qx, bytes32 qy);
    error SliceChannels_ExpiryPast(uint64 expiry, uint256 time);
    error SliceChannels_ExpiryTooFar(uint64 expiry, uint256 maximum);
    error SliceChannels_OrderExpired(uint64 deadline, uint256 time);
    error SliceChannels_OrderTooFar(uint64 deadline, uint256 maximum);
    error SliceChannels_SignatureInvalid(bytes32 channelId, bytes32 sessionId);
    error SliceChannels_LengthMismatch(uint256 first, uint256 second);
    error SliceChannels_PayeeInvalid(address payee);
    error SliceChannels_ChannelExists(bytes32 channelId);
    error SliceChannels_ChannelUnknown(bytes32 channelId);
    error SliceChannels_ChannelClosed(bytes32 channelId);
    error SliceChannels_ChannelClosing(bytes32 channelId, uint256 closesAt);
    error SliceChannels_ChannelMismatch(bytes32 offered, bytes32 expected);
    error SliceChannels_NotPayer(address caller, address payer);
    error SliceChannels_NotPayee(address caller, address payee);
    error SliceChannels_TopUpStale(bytes32 channelId, uint256 offered, uint256 deposit);
    error SliceChannels_DepositSpent(bytes32 channelId, uint256 offered, uint256 deposit);
    error SliceChannels_VoucherStale(bytes32 channelId, uint256 offered, uint256 claimed);
    error SliceChannels_TicksExceeded(uint32 offered, uint32 maximum);
    error SliceChannels_TickInvalid(bytes32 channelId, bytes32 offered, bytes32 expected);
    error SliceChannels_NotClosing(bytes32 channelId);
    error SliceChannels_CloseTooFar(uint256 closesAt, uint256 maximum);
    error SliceChannels_CloseTooEarly(uint256 time, uint256 closesAt);
    error SliceChannels_NoWithdrawal(address payer, address token);
    error SliceChannels_WithdrawTooEarly(uint256 time, uint256 availableAt);
    error SliceChannels_WithdrawTooLate(uint256 time, uint256 expiresAt);
    error SliceChannels_TransferFailed(address token, address to, uint256 amount);
}
