// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ICredits} from "./ICredits.sol";

/// @title IContentKeys
/// @notice Editions of a content and the keys sold from them. A key is one unit of an ERC-1155 token whose id is the
/// edition's; whoever holds it now is entitled to the edition's slices. Amounts are in token base units, times in unix
/// seconds. `editionId = uint256(keccak256(abi.encode(contentId, editionSalt)))`.
interface IContentKeys is IERC1155, IERC2981, ICredits {
    /// @notice One of those who share an edition's revenue.
    /// @param bps Share of the price in basis points, after referral; all payouts of an edition sum to 10,000.
    struct Payout {
        address to;
        uint16 bps;
    }

    /// @notice What an edition sells, fixed when it is created but for `price` and `maxSupply`; see {updateEdition}.
    /// @param price Price of one key in `token` base units; zero gives keys away.
    /// @param token Address zero for the native coin.
    /// @param maxSupply Most keys ever minted; zero for no limit.
    /// @param firstSlice First slice that a key opens.
    /// @param lastSlice Last one, inclusive; all ones for the end of every version that the key opens, however long.
    /// @param laterVersions Whether a key opens versions published after the edition's own.
    /// @param duration Seconds one purchase lasts; zero for ever. Timed keys renew by adding and do not transfer.
    /// @param royaltyBps Creator's part of a resale, ERC-2981; at most 5,000.
    /// @param referralBps Part of the price credited to the referrer of a purchase, if one is named; at most 5,000.
    /// @param transferable Whether a perpetual key may change hands.
    /// @param payouts Who shares the revenue; empty means the creator alone. At most 16.
    struct Terms {
        uint96 price;
        address token;
        uint64 maxSupply;
        uint32 firstSlice;
        uint32 lastSlice;
        bool laterVersions;
        uint32 duration;
        uint16 royaltyBps;
        uint16 referralBps;
        bool transferable;
        Payout[] payouts;
    }

    /// @notice An edition as stored.
    /// @param version The content's version for which the edition was created.
    /// @param sold Keys minted so far (purchases, for timed editions).
    /// @param epoch Of the current lockbox; rises with every `setLockbox`.
    /// @param lockboxHash sha2-256 of the lockbox's bytes.
    struct Edition {
        bytes32 contentId;
        uint32 version;
        uint64 sold;
        uint32 epoch;
        bytes32 lockboxHash;
        Terms terms;
    }

    /// @param version The first version that its keys open. @param lockboxHash Of epoch 1.
    event EditionCreated(
        uint256 indexed editionId,
        bytes32 indexed contentId,
        address indexed creator,
        uint32 version,
        bytes32 lockboxHash,
        Terms terms
    );
    /// @param price Of one key from now on. @param maxSupply Most keys ever minted; zero for no limit.
    event EditionUpdated(uint256 indexed editionId, uint96 price, uint64 maxSupply);
    /// @param epoch Of the lockbox that is current now. @param lockboxHash sha2-256 of its bytes.
    event LockboxSet(uint256 indexed editionId, uint32 epoch, bytes32 lockboxHash);
    /// @notice What was paid is credited in the edition's token: the referral share rounded down, then each payout after the first
    /// rounded down, and the rest to the first payout, or to the creator where there are none.
    /// @param referrer Zero for none. @param token The edition's. @param paid For all of the keys, in base units of `token`.
    event KeyBought(
        uint256 indexed editionId,
        address indexed buyer,
        address indexed recipient,
        address referrer,
        uint256 quantity,
        address token,
        uint256 paid
    );
    /// @param expiresAt First second at which the key no longer opens.
    event KeyExtended(uint256 indexed editionId, address indexed holder, uint64 expiresAt);

    /// @notice Creates an edition of a content's `version`; only the content's creator. Its first lockbox has epoch 1.
    /// At most 64 editions per content.
    function createEdition(
        bytes32 contentId,
        bytes32 editionSalt,
        Terms calldata terms,
        uint32 version,
        bytes32 lockboxHash
    ) external returns (uint256 editionId);

    /// @notice Changes what is still to be sold; only the content's creator. Nothing changes for those who hold a key.
    /// @param price Of one key from now on, higher or lower: a buyer is held to no more than the `maxPrice` it named.
    /// @param maxSupply May only fall, from no limit too, and never below what is sold; equal to what is sold it ends the
    /// sale. Zero stays no limit, so an edition that sold nothing keeps one key to sell.
    function updateEdition(uint256 editionId, uint96 price, uint64 maxSupply) external;

    /// @notice Deals the same key material anew, to other keepers; only the content's creator. `epoch` must be above the current
    /// one: epochs may be skipped, and after the largest, `type(uint32).max`, no other follows. Earlier lockboxes stay readable.
    function setLockbox(uint256 editionId, uint32 epoch, bytes32 lockboxHash) external;

    /// @notice Buys `quantity` keys for `recipient`. Native: `msg.value` is at least the cost, the excess returns to the
    /// caller; ERC-20: pulled by allowance. Timed editions: `quantity` durations are added for `recipient`, at most 100
    /// years ahead.
    /// @param referrer Credited with the edition's referral share; zero for none; neither buyer nor recipient.
    /// @param maxPrice Most that the buyer accepts per key.
    /// @param epoch Of the lockbox that the buyer verified; reverts where another one is current, because a lockbox that
    /// nobody verified may never open.
    function buy(
        uint256 editionId,
        uint256 quantity,
        address recipient,
        address referrer,
        uint256 maxPrice,
        uint32 epoch
    ) external payable returns (uint256 paid);

    /// @notice `buy` with an ERC-2612 permit first, over `quantity * maxPrice`: so it stays good where the price falls. A
    /// permit that was already used does not fail the call.
    function buyWithPermit(
        uint256 editionId,
        uint256 quantity,
        address recipient,
        address referrer,
        uint256 maxPrice,
        uint32 epoch,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 paid);

    /// @notice Whether `holder` may have slices `firstSlice..lastSlice` of `version` now, by any one edition or as creator.
    /// Scans the content's editions; to ask about one edition use `isEntitledBy`. False for a version that does not exist.
    function isEntitled(
        bytes32 contentId,
        uint32 version,
        address holder,
        uint32 firstSlice,
        uint32 lastSlice
    ) external view returns (bool);

    /// @notice Whether `holder` has this very edition now: a balance, or a term that has not ended.
    function isEntitledBy(uint256 editionId, address holder) external view returns (bool);

    /// @notice An edition; reverts with `ContentKeys_EditionUnknown`, like every read of one id.
    function editionOf(uint256 editionId) external view returns (Edition memory);

    /// @notice Hash of the lockbox that was set with `epoch`, the current one or an earlier; what was sealed for holders
    /// stays checkable. Reverts for an epoch that no lockbox had.
    function lockboxOf(uint256 editionId, uint32 epoch) external view returns (bytes32 lockboxHash);

    /// @notice Epoch of the current lockbox.
    function epochOf(uint256 editionId) external view returns (uint32);

    /// @notice Whether keys of this edition may change hands.
    function isTransferable(uint256 editionId) external view returns (bool);

    /// @notice The content of an edition, from one storage slot; zero when there is no such edition.
    function contentOf(uint256 editionId) external view returns (bytes32);

    /// @notice The editions of a content, in order of creation.
    function editionsOf(bytes32 contentId) external view returns (uint256[] memory);

    /// @notice When a timed key ends; zero for perpetual editions and strangers.
    function expiresAt(uint256 editionId, address holder) external view returns (uint64);

    /// @notice The id that an edition of `contentId` would get for `editionSalt`.
    function editionIdOf(bytes32 contentId, bytes32 editionSalt) external pure returns (uint256);

    error ContentKeys_NotCreator(address caller, address creator);
    error ContentKeys_EditionExists(uint256 editionId);
    error ContentKeys_EditionUnknown(uint256 editionId);
    error ContentKeys_EditionLimit(bytes32 contentId, uint256 maximum);
    error ContentKeys_RangeInvalid(uint32 firstSlice, uint32 lastSlice, uint32 sliceCount);
    error ContentKeys_RoyaltyTooHigh(uint256 offered, uint256 maximum);
    error ContentKeys_ReferralTooHigh(uint256 offered, uint256 maximum);
    error ContentKeys_PayoutsInvalid(uint256 sum, uint256 expected);
    error ContentKeys_TooManyPayouts(uint256 offered, uint256 maximum);
    error ContentKeys_PayoutToZero(uint256 index);
    error ContentKeys_TimedTransferable(uint32 duration);
    error ContentKeys_LockboxZero();
    error ContentKeys_LockboxUnknown(uint256 editionId, uint32 offered, uint32 current);
    error ContentKeys_EpochStale(uint256 editionId, uint32 offered, uint32 current);
    error ContentKeys_EpochMismatch(uint256 editionId, uint32 offered, uint32 current);
    error ContentKeys_Delisted(bytes32 contentId);
    error ContentKeys_QuantityZero();
    error ContentKeys_QuantityTooLarge(uint256 offered, uint256 maximum);
    error ContentKeys_SupplyExceeded(uint256 editionId, uint256 requested, uint256 available);
    error ContentKeys_SupplyRaised(uint256 editionId, uint64 offered, uint64 maximum);
    error ContentKeys_SupplyBelowSold(uint256 editionId, uint64 offered, uint64 sold);
    error ContentKeys_PriceAbove(uint256 price, uint256 maxPrice);
    error ContentKeys_RecipientInvalid(address recipient);
    error ContentKeys_ReferrerInvalid(address referrer);
    error ContentKeys_NotTransferable(uint256 editionId);
    error ContentKeys_DurationTooLong(uint256 offered, uint256 maximum);
}
