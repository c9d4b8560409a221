// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Credits} from "./credits/Credits.sol";
import {IContentKeys} from "./interfaces/IContentKeys.sol";
import {IKeyMarket} from "./interfaces/IKeyMarket.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title KeyMarket
/// @notice See {IKeyMarket}. No owner and no fee: of every sale the royalty is the creator's and the rest the seller's.
contract KeyMarket is IKeyMarket, Credits {
    /// @dev The arguments of `buy`.
    struct Purchase {
        uint256 editionId;
        address seller;
        uint256 quantity;
        address recipient;
        address token;
        uint256 maxPrice;
        uint32 epoch;
    }

    IContentKeys private immutable _KEYS;

    mapping(uint256 editionId => mapping(address seller => Listing listing)) private _listings;

    constructor(IContentKeys keys) {
        _KEYS = keys;
    }

    /// @inheritdoc IKeyMarket
    function list(
        uint256 editionId,
        uint64 quantity,
        uint96 unitPrice,
        address token,
        uint64 expiry
    ) external override {
        // A price of zero would be a gift to whoever comes first, and owe no royalty.
        if (quantity == 0) revert KeyMarket_QuantityZero();
        if (unitPrice == 0) revert KeyMarket_PriceZero();
        if (expiry <= block.timestamp) revert KeyMarket_ExpiryPast(expiry, block.timestamp);
        if (!_KEYS.isTransferable(editionId)) revert KeyMarket_NotTransferable(editionId);
        _requireDeliverable(editionId, msg.sender, quantity);
        _listings[editionId][msg.sender] = Listing(unitPrice, token, quantity, expiry);
        emit KeyListed(editionId, msg.sender, token, unitPrice, quantity, expiry);
    }

    /// @inheritdoc IKeyMarket
    function cancel(uint256 editionId) external override {
        if (_listings[editionId][msg.sender].quantity == 0) revert KeyMarket_ListingUnknown(editionId, msg.sender);
        delete _listings[editionId][msg.sender];
        emit ListingCancelled(editionId, msg.sender);
    }

    /// @inheritdoc IKeyMarket
    function buy(
        uint256 editionId,
        address seller,
        uint256 quantity,
        address recipient,
        address token,
        uint256 maxPrice,
        uint32 epoch
    ) external payable override nonReentrant returns (uint256 paid) {
        return _buy(Purchase(editionId, seller, quantity, recipient, token, maxPrice, epoch));
    }

    /// @inheritdoc IKeyMarket
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
    ) external override nonReentrant returns (uint256 paid) {
        Tokens.tryPermit(token, _mostCost(maxPrice, quantity), deadline, v, r, s);
        return _buy(Purchase(editionId, seller, quantity, recipient, token, maxPrice, epoch));
    }

    /// @inheritdoc IKeyMarket
    function listingOf(
        uint256 editionId,
        address seller
    ) external view override returns (Listing memory listing, uint256 available) {
        listing = _listings[editionId][seller];
        if (block.timestamp >= listing.expiry || !_KEYS.isApprovedForAll(seller, address(this))) return (listing, 0);
        uint256 balance = _KEYS.balanceOf(seller, editionId);
        available = balance < listing.quantity ? balance : listing.quantity;
    }

    function _buy(Purchase memory order) private returns (uint256 paid) {
        // Check: the listing is what the buyer relies on, it is paid in full, and the seller can still deliver.
        Listing storage listing = _listings[order.editionId][order.seller];
        paid = _quote(listing, order);
        _requireValue(order.token, paid);
        _requireDeliverable(order.editionId, order.seller, order.quantity);
        (address creator, uint256 royalty) = _KEYS.royaltyInfo(order.editionId, paid);
        if (royalty > paid) revert KeyMarket_RoyaltyTooHigh(royalty, paid);

        // Effect: the listing shrinks and both are credited, before any token moves.
        if (listing.quantity == order.quantity) delete _listings[order.editionId][order.seller];
        else listing.quantity -= uint64(order.quantity);
        _credit(creator, order.token, royalty);
        _credit(order.seller, order.token, paid - royalty);
        _emitSold(order, paid, creator, royalty);

        // Interaction: the payment in, the keys and the change out.
        _collect(order.token, paid);
        _KEYS.safeTransferFrom(order.seller, order.recipient, order.editionId, order.quantity, "");
        _returnExcess(order.token, paid);
    }

    function _emitSold(Purchase memory order, uint256 paid, address creator, uint256 royalty) private {
        emit KeySold(
            order.editionId,
            order.seller,
            msg.sender,
            order.recipient,
            order.quantity,
            order.token,
            paid,
            creator,
            royalty
        );
    }

    /// @dev The price of an order that a listing allows.
    function _quote(Listing storage listing, Purchase memory order) private view returns (uint256) {
        uint64 listed = listing.quantity;
        if (listed == 0) revert KeyMarket_ListingUnknown(order.editionId, order.seller);
        if (block.timestamp >= listing.expiry) revert KeyMarket_ListingExpired(block.timestamp, listing.expiry);
        if (order.quantity == 0) revert KeyMarket_QuantityZero();
        if (order.quantity > listed) revert KeyMarket_QuantityExceeded(order.quantity, listed);
        if (order.recipient == address(0)) revert KeyMarket_RecipientInvalid(order.recipient);
        if (order.token != listing.token) revert KeyMarket_TokenMismatch(order.token, listing.token);
        uint256 price = listing.unitPrice;
        if (price > order.maxPrice) revert KeyMarket_PriceAbove(price, order.maxPrice);
        uint32 current = _KEYS.epochOf(order.editionId);
        if (order.epoch != current) revert KeyMarket_EpochMismatch(order.editionId, order.epoch, current);
        return price * order.quantity;
    }

    function _requireDeliverable(uint256 editionId, address seller, uint256 quantity) private view {
        uint256 balance = _KEYS.balanceOf(seller, editionId);
        if (balance < quantity) revert KeyMarket_BalanceTooLow(seller, editionId, quantity, balance);
        if (!_KEYS.isApprovedForAll(seller, address(this))) revert KeyMarket_NotApproved(seller);
    }
}
