// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "./ISliceChannels.sol";

/// @title ISocialGraph
/// @notice Handles, follows, reactions, comments and views: events, with the least storage that keeps them honest. Nothing here
/// moves money; no owner exists. A wallet acts by a transaction of its own, or its session signs an `Action` that anyone may
/// submit with others in a batch, and pay the gas for. Times are unix seconds, a day is a UTC day since 1970.
///
/// What a session signs is an EIP-712 struct of the domain
/// `{name: "Sluice Social", version: "1", chainId, verifyingContract: this contract}`; as in {ISliceChannels}, P-256 signs
/// `sha256(EIP-712 digest)` and high-s signatures are refused. Whether a session speaks for a wallet says `SliceChannels`.
///
/// A handle, a follow and a reaction are states: each remembers when it was last said what it should be. What was said earlier
/// than that is refused however late it lands; of what was said in the same second the last to land stands. Saying again what
/// is so already changes nothing, but refuses from then on what was signed before it, and an action's nonce is spent on it.
///
/// Views are advisory: a creator can give keys to wallets of its own.
interface ISocialGraph {
    /// @notice What an action does, and what its `subject`, `value` and `parent` are; what is not named is ignored.
    /// `Handle`: subject is the handle's ASCII, left-aligned, zero-padded; all zero to clear.
    /// `Follow`, `Unfollow`: subject is the wallet to follow, right-aligned.
    /// `React`: subject is a content id, value the kind of reaction, 1..255; 0 to clear.
    /// `Comment`: subject is a content id, value the comment block's sha2-256, parent that of the comment it answers or zero.
    /// `View`: subject is a content id, value the id of the edition that the wallet holds.
    enum ActionKind {
        None,
        Handle,
        Follow,
        Unfollow,
        React,
        Comment,
        View
    }

    /// @notice Why something was not done: a call of the wallet's own reverts with it, a batch skips the action and says so.
    /// @param Early `issuedAt` is ahead of the block's time.
    /// @param Expired The block's time is past `deadline`.
    /// @param NonceSpent An action of this wallet with this nonce was done before, or found itself done.
    /// @param SessionExpired The session does not speak for the wallet now.
    /// @param SignatureInvalid Not this session's signature over this action, for this chain and contract, with a low s.
    /// @param KindUnknown The action's kind is none of `ActionKind`.
    /// @param Stale Something later was already said about this handle, follow or reaction.
    /// @param Unchanged It is so already: the one reason that spends the nonce, and that a call of the wallet's own does not revert
    /// with.
    /// @param HandleInvalid Not 3..32 of a-z, 0-9, `-` and `_`.
    /// @param HandleTaken Another wallet has it.
    /// @param TargetInvalid Address zero, the wallet itself, or no address.
    /// @param ValueInvalid A reaction above 255, or a comment with digest zero.
    /// @param NotEntitled The wallet does not hold the edition now.
    /// @param EditionForeign The edition is of another content.
    /// @param OwnContent The wallet is the content's creator.
    /// @param AlreadyViewed This wallet's view of this content was counted today.
    enum Refusal {
        None,
        Early,
        Expired,
        NonceSpent,
        SessionExpired,
        SignatureInvalid,
        KindUnknown,
        Stale,
        Unchanged,
        HandleInvalid,
        HandleTaken,
        TargetInvalid,
        ValueInvalid,
        NotEntitled,
        EditionForeign,
        OwnContent,
        AlreadyViewed
    }

    /// @notice What a session asks for on its wallet's behalf. EIP-712 type:
    /// `SocialAction(address wallet,bytes32 qx,bytes32 qy,uint8 kind,bytes32 subject,bytes32 value,bytes32 parent,uint256 nonce,uint64 issuedAt,uint64 deadline)`.
    /// @param kind One of `ActionKind`.
    /// @param nonce Any number that this wallet has not used, in any order; 256 that share their upper 248 bits cost the least.
    /// @param issuedAt When it was said; not ahead of the block's time.
    /// @param deadline Last second at which it may be submitted.
    struct Action {
        address wallet;
        ISliceChannels.Session session;
        uint8 kind;
        bytes32 subject;
        bytes32 value;
        bytes32 parent;
        uint256 nonce;
        uint64 issuedAt;
        uint64 deadline;
    }

    /// @notice An action with its session's signature.
    struct SignedAction {
        Action action;
        ISliceChannels.Signature signature;
    }

    /// @param handle As in an `Action`; zero when cleared. @param previous What the wallet had, free from now on; zero for none.
    event HandleSet(address indexed wallet, bytes32 indexed handle, bytes32 indexed previous);
    event Followed(address indexed wallet, address indexed target);
    event Unfollowed(address indexed wallet, address indexed target);
    /// @param kind The reaction from now on, 0 for none. @param previous The one it replaces, 0 for none.
    event Reacted(address indexed wallet, bytes32 indexed contentId, uint8 kind, uint8 previous);
    /// @param parent Digest of the comment that this one answers; zero for none. @param digest sha2-256 of the comment's block.
    event Commented(address indexed wallet, bytes32 indexed contentId, bytes32 indexed parent, bytes32 digest);
    event Viewed(address indexed wallet, bytes32 indexed contentId, uint256 indexed editionId, uint256 day);
    /// @notice An action of a batch was skipped. Its nonce is spent where the reason is `Unchanged`, and only there. With a
    /// reason up to `SignatureInvalid` it says nothing of `wallet`: anyone can submit an action that names it.
    /// @param nonce The action's. @param index Its place in the batch.
    event ActionRefused(address indexed wallet, uint256 nonce, uint256 index, Refusal reason);

    /// @notice Takes a free handle, 3..32 of a-z, 0-9, `-` and `_`, and frees the caller's earlier one; empty only frees.
    function setHandle(string calldata handle) external;

    /// @notice Follows another wallet.
    function follow(address target) external;

    /// @notice Ends it.
    function unfollow(address target) external;

    /// @notice Sets the caller's one reaction to a content; `kind` 0 clears. Any id is taken, so that open content, which no
    /// registry knows, can be reacted to by its meta-hash.
    function react(bytes32 contentId, uint8 kind) external;

    /// @notice Announces a comment, whose text is a block of its own. Nothing is stored, any ids are taken.
    /// @param parent Digest of the comment that this one answers; zero for none.
    /// @param digest sha2-256 of the comment's block; not zero.
    function comment(bytes32 contentId, bytes32 parent, bytes32 digest) external;

    /// @notice Counts a view, once per wallet, content and day. The caller must hold the edition now, the edition be one of
    /// this content, and the caller not be its creator.
    function recordView(bytes32 contentId, uint256 editionId) external;

    /// @notice Does what sessions signed, at most 64 actions, whoever submits them. An action that cannot be done is skipped with
    /// `ActionRefused`, and never fails another; every action yields one event. A view counts on the day on which it lands.
    /// @return refusals One per action, `None` for what was done: what a simulation tells before any gas is paid.
    function submit(SignedAction[] calldata actions) external returns (Refusal[] memory refusals);

    /// @notice A wallet's handle; empty for none.
    function handleOf(address wallet) external view returns (string memory);

    /// @notice Who has a handle now; zero when it is free or no handle at all.
    function walletOf(string calldata handle) external view returns (address);

    /// @notice Whether `wallet` follows `target`.
    function isFollowing(address wallet, address target) external view returns (bool);

    /// @notice The wallet's reaction to a content; 0 for none.
    function reactionOf(address wallet, bytes32 contentId) external view returns (uint8);

    /// @notice Day on which the wallet's last view of a content was counted; 0 for never.
    function lastViewOf(address wallet, bytes32 contentId) external view returns (uint256);

    /// @notice Whether an action with this nonce was done, or found itself done.
    function isNonceSpent(address wallet, uint256 nonce) external view returns (bool);

    /// @notice The EIP-712 digest as this contract computes it, before the SHA-256 that P-256 signs.
    function hashAction(Action calldata action) external view returns (bytes32);

    error SocialGraph_Refused(Refusal reason);
    error SocialGraph_BatchTooLarge(uint256 offered, uint256 maximum);
}
