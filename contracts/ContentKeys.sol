// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {Credits} from "./credits/Credits.sol";
import {IContentKeys} from "./interfaces/IContentKeys.sol";
import {IMetaHashRegistry} from "./interfaces/IMetaHashRegistry.sol";
import {EditionRecord} from "./libraries/EditionRecord.sol";
import {EditionTerms} from "./libraries/EditionTerms.sol";
import {Tokens} from "./libraries/Tokens.sol";

/// @title ContentKeys
/// @notice See {IContentKeys}. No owner: nothing that a holder bought ever changes, and revenue waits for those it belongs
/// to.
contract ContentKeys is IContentKeys, ERC1155, Credits {
    using EditionRecord for EditionRecord.Record;
    using EditionTerms for Terms;

    /// @dev The arguments of `buy`.
    struct Purchase {
        uint256 editionId;
        uint256 quantity;
        address recipient;
        address referrer;
        uint256 maxPrice;
        uint32 epoch;
    }

    /// @dev Keys of one purchase. Without it one call could sell all that a count of keys can hold, and end a free edition for good.
    uint256 private constant _MAX_QUANTITY = 10_000;
    /// @dev Bounds the scan of `isEntitled`.
    uint256 private constant _MAX_EDITIONS = 64;
    /// @dev How far ahead a timed key may end.
    uint256 private constant _MAX_TERM = 100 * 365 days;

    IMetaHashRegistry private immutable _REGISTRY;

    mapping(uint256 editionId => EditionRecord.Record edition) private _editions;
    mapping(bytes32 contentId => uint256[] editionIds) private _editionsOf;
    mapping(uint256 editionId => mapping(address holder => uint64 time)) private _expiresAt;

    constructor(IMetaHashRegistry registry) ERC1155("") {
        _REGISTRY = registry;
    }

    /// @inheritdoc IContentKeys
    function createEdition(
        bytes32 contentId,
        bytes32 editionSalt,
        Terms calldata terms,
        uint32 version,
        bytes32 lockboxHash
    ) external override returns (uint256 editionId) {
        // Check: the creator, sound terms over slices that exist, an id and a place that are free.
        _requireCreator(contentId);
        terms.requireSound(_REGISTRY.versionOf(contentId, version).sliceCount);
        if (lockboxHash == bytes32(0)) revert ContentKeys_LockboxZero();
        editionId = editionIdOf(contentId, editionSalt);
        if (_editions[editionId].exists()) revert ContentKeys_EditionExists(editionId);
        if (_editionsOf[contentId].length == _MAX_EDITIONS) {
            revert ContentKeys_EditionLimit(contentId, _MAX_EDITIONS);
        }

        // Effect: stored for good, but for what is still to be sold and the lockbox.
        _editions[editionId].store(contentId, version, lockboxHash, terms);
        _editionsOf[contentId].push(editionId);
        emit EditionCreated(editionId, contentId, msg.sender, version, lockboxHash, terms);
    }

    /// @inheritdoc IContentKeys
    function updateEdition(uint256 editionId, uint96 price, uint64 maxSupply) external override {
        EditionRecord.Record storage edition = _edition(editionId);
        _requireCreator(edition.contentId);
        edition.update(editionId, price, maxSupply);
        emit EditionUpdated(editionId, price, maxSupply);
    }

    /// @inheritdoc IContentKeys
    function setLockbox(uint256 editionId, uint32 epoch, bytes32 lockboxHash) external override {
        EditionRecord.Record storage edition = _edition(editionId);
        _requireCreator(edition.contentId);
        if (epoch <= edition.epoch) revert ContentKeys_EpochStale(editionId, epoch, edition.epoch);
        if (lockboxHash == bytes32(0)) revert ContentKeys_LockboxZero();
        edition.deal(epoch, lockboxHash);
        emit LockboxSet(editionId, epoch, lockboxHash);
    }

    /// @inheritdoc IContentKeys
    function buy(
        uint256 editionId,
        uint256 quantity,
        address recipient,
        address referrer,
        uint256 maxPrice,
        uint32 epoch
    ) external payable override nonReentrant returns (uint256 paid) {
        return _buy(Purchase(editionId, quantity, recipient, referrer, maxPrice, epoch));
    }

    /// @inheritdoc IContentKeys
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
    ) external override nonReentrant returns (uint256 paid) {
        Purchase memory order = Purchase(editionId, quantity, recipient, referrer, maxPrice, epoch);
        Tokens.tryPermit(_edition(editionId).token, _mostCost(maxPrice, quantity), deadline, v, r, s);
        return _buy(order);
    }

    /// @inheritdoc IContentKeys
    function isEntitled(
        bytes32 contentId,
        uint32 version,
        address holder,
        uint32 firstSlice,
        uint32 lastSlice
    ) external view override returns (bool) {
        (address creator, , uint32 versionCount) = _REGISTRY.headOf(contentId);
        if (version == 0 || version > versionCount || firstSlice > lastSlice) return false;
        if (holder == creator) return true;

        uint256[] storage ids = _editionsOf[contentId];
        uint256 count = ids.length;
        for (uint256 i = 0; i < count; ++i) {
            uint256 editionId = ids[i];
            if (!_editions[editionId].opens(version, firstSlice, lastSlice)) continue;
            if (_holds(editionId, holder)) return true;
        }
        return false;
    }

    /// @inheritdoc IContentKeys
    function isEntitledBy(uint256 editionId, address holder) external view override returns (bool) {
        return _holds(editionId, holder);
    }

    /// @inheritdoc IContentKeys
    function editionOf(uint256 editionId) external view override returns (Edition memory) {
        return _edition(editionId).load();
    }

    /// @inheritdoc IContentKeys
    function lockboxOf(uint256 editionId, uint32 epoch) external view override returns (bytes32 lockboxHash) {
        EditionRecord.Record storage edition = _edition(editionId);
        lockboxHash = edition.lockboxes[epoch];
        if (lockboxHash == bytes32(0)) revert ContentKeys_LockboxUnknown(editionId, epoch, edition.epoch);
    }

    /// @inheritdoc IContentKeys
    function epochOf(uint256 editionId) external view override returns (uint32) {
        return _edition(editionId).epoch;
    }

    /// @inheritdoc IContentKeys
    function isTransferable(uint256 editionId) external view override returns (bool) {
        return _edition(editionId).transferable;
    }

    /// @inheritdoc IContentKeys
    function contentOf(uint256 editionId) external view override returns (bytes32) {
        return _editions[editionId].contentId;
    }

    /// @inheritdoc IContentKeys
    function editionsOf(bytes32 contentId) external view override returns (uint256[] memory) {
        return _editionsOf[contentId];
    }

    /// @inheritdoc IContentKeys
    function expiresAt(uint256 editionId, address holder) external view override returns (uint64) {
        return _expiresAt[editionId][holder];
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(
        uint256 editionId,
        uint256 salePrice
    ) external view override returns (address receiver, uint256 royalty) {
        EditionRecord.Record storage edition = _edition(editionId);
        return (_REGISTRY.creatorOf(edition.contentId), (salePrice * edition.royaltyBps) / EditionTerms.BPS);
    }

    /// @inheritdoc IContentKeys
    function editionIdOf(bytes32 contentId, bytes32 editionSalt) public pure override returns (uint256) {
        return uint256(keccak256(abi.encode(contentId, editionSalt)));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, IERC165) returns (bool) {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev A key changes hands only where its edition says so; minting is not a change of hands.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        if (from != address(0)) {
            for (uint256 i = 0; i < ids.length; ++i) {
                if (!_editions[ids[i]].transferable) revert ContentKeys_NotTransferable(ids[i]);
            }
        }
        super._update(from, to, ids, values);
    }

    function _buy(Purchase memory order) private returns (uint256 paid) {
        // Check: on sale, with the lockbox that was verified, at a price the buyer accepts, paid in full.
        EditionRecord.Record storage edition = _edition(order.editionId);
        address creator = _requireOnSale(edition.contentId);
        if (edition.epoch != order.epoch) {
            revert ContentKeys_EpochMismatch(order.editionId, order.epoch, edition.epoch);
        }
        _requireSound(order);
        address token;
        (token, paid) = _quote(edition, order);
        _requireValue(token, paid);

        // Effect: supply, revenue and the timed key, before any token moves.
        edition.sell(order.editionId, order.quantity);
        _creditRevenue(edition, order.referrer, creator, token, paid);
        uint32 duration = edition.duration;
        if (duration != 0) _extend(order, duration);
        emit KeyBought(order.editionId, msg.sender, order.recipient, order.referrer, order.quantity, token, paid);

        // Interaction: the payment in, the keys and the change out.
        _collect(token, paid);
        if (duration == 0) _mint(order.recipient, order.editionId, order.quantity, "");
        _returnExcess(token, paid);
    }

    /// @dev Splits are rounded down and the first payee gets what is left, so that the parts sum to the price.
    function _creditRevenue(
        EditionRecord.Record storage edition,
        address referrer,
        address creator,
        address token,
        uint256 paid
    ) private {
        if (paid == 0) return;
        uint256 shared = paid;
        if (referrer != address(0)) {
            uint256 referral = (paid * edition.referralBps) / EditionTerms.BPS;
            _credit(referrer, token, referral);
            shared -= referral;
        }

        uint256 count = edition.payoutCount;
        if (count == 0) {
            _credit(creator, token, shared);
            return;
        }
        uint256 rest = shared;
        for (uint256 i = 1; i < count; ++i) {
            Payout memory payout = edition.payouts[i];
            uint256 part = (shared * payout.bps) / EditionTerms.BPS;
            _credit(payout.to, token, part);
            rest -= part;
        }
        _credit(edition.payouts[0].to, token, rest);
    }

    /// @dev Adds to a term that runs, or starts one now.
    function _extend(Purchase memory order, uint32 duration) private {
        uint256 current = _expiresAt[order.editionId][order.recipient];
        uint256 start = current > block.timestamp ? current : block.timestamp;
        uint256 end = start + order.quantity * duration;
        if (end - block.timestamp > _MAX_TERM) {
            revert ContentKeys_DurationTooLong(end - block.timestamp, _MAX_TERM);
        }
        _expiresAt[order.editionId][order.recipient] = uint64(end);
        emit KeyExtended(order.editionId, order.recipient, uint64(end));
    }

    function _requireCreator(bytes32 contentId) private view {
        address creator = _REGISTRY.creatorOf(contentId);
        if (msg.sender != creator) revert ContentKeys_NotCreator(msg.sender, creator);
    }

    function _requireOnSale(bytes32 contentId) private view returns (address creator) {
        IMetaHashRegistry.Status status;
        (creator, status, ) = _REGISTRY.headOf(contentId);
        if (status != IMetaHashRegistry.Status.Active) revert ContentKeys_Delisted(contentId);
    }

    function _requireSound(Purchase memory order) private view {
        if (order.quantity == 0) revert ContentKeys_QuantityZero();
        if (order.quantity > _MAX_QUANTITY) {
            revert ContentKeys_QuantityTooLarge(order.quantity, _MAX_QUANTITY);
        }
        if (order.recipient == address(0)) revert ContentKeys_RecipientInvalid(order.recipient);
        if (order.referrer == address(0)) return;
        if (order.referrer == msg.sender || order.referrer == order.recipient) {
            revert ContentKeys_ReferrerInvalid(order.referrer);
        }
    }

    function _quote(
        EditionRecord.Record storage edition,
        Purchase memory order
    ) private view returns (address token, uint256 cost) {
        uint256 price = edition.price;
        if (price > order.maxPrice) revert ContentKeys_PriceAbove(price, order.maxPrice);
        return (edition.token, price * order.quantity);
    }

    function _holds(uint256 editionId, address holder) private view returns (bool) {
        if (_editions[editionId].duration == 0) return balanceOf(holder, editionId) != 0;
        return block.timestamp < _expiresAt[editionId][holder];
    }

    function _edition(uint256 editionId) private view returns (EditionRecord.Record storage edition) {
        edition = _editions[editionId];
        if (!edition.exists()) revert ContentKeys_EditionUnknown(editionId);
    }
}
