// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICredits} from "./ICredits.sol";

/// @title IKeyMarket
/// @notice Resale of keys at a fixed price, with the creator's royalty taken from every sale. A key stays with its seller
/// until it is sold: the market needs `setApprovalForAll` in ContentKeys and moves nothing but what is listed. Proceeds and
/// royalty are credited, then withdrawn. Amounts are in token base units, times in unix seconds.
///
/// A content that is delisted is not sold by its creator any more, but keys to it are bought and paid for, so they may be
/// resold. A key that is transferred or resold elsewhere under the same terms owes nothing here.
interface IKeyMarket is ICredits {
    /// @notice What one seller offers of one edition.
    /// @param unitPrice Of one key, royalty included.
    /// @param token Address zero for the native coin.
    /// @param quantity Keys left to sell; zero where there is no listing.
    /// @param expiry First second at which nothing is sold any more.
    struct Listing {
        uint96 unitPrice;
        address token;
        uint64 quantity;
        uint64 expiry;
    }

    event KeyListed(
        uint256 indexed editionId,
        address indexed seller,
        address token,
        uint96 unitPrice,
        uint64 quantity,
        uint64 expiry
    );
    event ListingCancelled(uint256 indexed editionId, address indexed seller);
    /// @notice `price` is what the buyer paid for all keys; `royalty` of it is the creator's, the rest the seller's.
    event KeySold(
        uint256 indexed editionId,
        address indexed seller,
        address indexed buyer,
        address recipient,
        uint256 quantity,
        address token,
        uint256 price,
        address creator,
        uint256 royalty
    );

    /// @notice Offers keys that the caller holds, in place of what it offered of this edition before. The market must be
    /// approved, the edition transferable. A listing outlives the keys: a seller that gives them away and gets others later
    /// still offers those, at the old price, until it cancels or the listing expires.
    /// @param quantity Most keys to sell; at most what the caller holds.
    /// @param expiry After now.
    function list(uint256 editionId, uint64 quantity, uint96 unitPrice, address token, uint64 expiry) external;

    /// @notice Withdraws the caller's offer. Reverts when there is none.
    function cancel(uint256 editionId) external;

    /// @notice Buys `quantity` keys of a seller for `recipient`. Native: `msg.value` is at least the cost, the excess returns
    /// to the caller; ERC-20: pulled by allowance. Reverts where the seller no longer holds the keys or has taken back its
    /// approval. What the buyer relies on is named, because a seller can replace its listing, and the creator the lockbox, at
    /// any moment before.
    /// @param token That the buyer means to pay in.
    /// @param maxPrice Most that the buyer accepts per key, in `token`.
    /// @param epoch Of the lockbox that the buyer verified.
    function buy(
        uint256 editionId,
        address seller,
        uint256 quantity,
        address recipient,
        address token,
        uint256 maxPrice,
        uint32 epoch
    ) external payable returns (uint256 paid);

    /// @notice `buy` with an ERC-2612 permit first, over `quantity * maxPrice`; a permit that was already used does not fail
    /// the call.
    function buyWithPermit(
        uint256 editionId,
        address seller,
        uint256 quantity,
        address recipient,
        address token,
        uint256 maxPrice,
        uint32 epoch,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 paid);

    /// @notice What a seller offers of an edition.
    /// @return listing All zero where there is none.
    /// @return available How many keys could be bought now, given time, the seller's balance and its approval.
    function listingOf(
        uint256 editionId,
        address seller
    ) external view returns (Listing memory listing, uint256 available);

    error KeyMarket_NotTransferable(uint256 editionId);
    error KeyMarket_QuantityZero();
    error KeyMarket_PriceZero();
    error KeyMarket_ExpiryPast(uint256 offered, uint256 time);
    error KeyMarket_BalanceTooLow(address seller, uint256 editionId, uint256 requested, uint256 balance);
    error KeyMarket_NotApproved(address seller);
    error KeyMarket_ListingUnknown(uint256 editionId, address seller);
    error KeyMarket_ListingExpired(uint256 time, uint256 expiry);
    error KeyMarket_QuantityExceeded(uint256 requested, uint256 listed);
    error KeyMarket_RecipientInvalid(address recipient);
    error KeyMarket_TokenMismatch(address offered, address listed);
    error KeyMarket_PriceAbove(uint256 price, uint256 maxPrice);
    error KeyMarket_EpochMismatch(uint256 editionId, uint32 offered, uint32 current);
    error KeyMarket_RoyaltyTooHigh(uint256 royalty, uint256 price);
}
