// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContentKeys} from "../interfaces/IContentKeys.sol";

/// @title EditionRecord
/// @notice An edition as {ContentKeys} stores it, ordered so that a purchase reads three slots and writes one.
library EditionRecord {
    /// @param payoutCount Length of `payouts`, kept with the hot slot.
    struct Record {
        // What a purchase costs.
        uint96 price;
        address token;
        // What a purchase changes, and what decides how.
        uint64 sold;
        uint64 maxSupply;
        uint32 duration;
        uint32 epoch;
        uint16 royaltyBps;
        uint16 referralBps;
        uint8 payoutCount;
        bool transferable;
        bytes32 contentId;
        // What a key opens.
        uint32 version;
        uint32 firstSlice;
        uint32 lastSlice;
        bool laterVersions;
        mapping(uint32 epoch => bytes32 lockboxHash) lockboxes;
        mapping(uint256 index => IContentKeys.Payout payout) payouts;
    }

    /// @notice Writes a new edition, at epoch 1.
    function store(
        Record storage self,
        bytes32 contentId,
        uint32 version,
        bytes32 lockboxHash,
        IContentKeys.Terms calldata terms
    ) internal {
        self.contentId = contentId;
        self.version = version;
        deal(self, 1, lockboxHash);
        self.price = terms.price;
        self.token = terms.token;
        self.maxSupply = terms.maxSupply;
        self.firstSlice = terms.firstSlice;
        self.lastSlice = terms.lastSlice;
        self.laterVersions = terms.laterVersions;
        self.duration = terms.duration;
        self.royaltyBps = terms.royaltyBps;
        self.referralBps = terms.referralBps;
        self.transferable = terms.transferable;
        self.payoutCount = uint8(terms.payouts.length);
        for (uint256 i = 0; i < terms.payouts.length; ++i) self.payouts[i] = terms.payouts[i];
    }

    /// @notice Makes a lockbox the current one; those of earlier epochs stay readable.
    function deal(Record storage self, uint32 epoch, bytes32 lockboxHash) internal {
        self.epoch = epoch;
        self.lockboxes[epoch] = lockboxHash;
    }

    /// @notice Changes what those pay who come later, and how many they can be: a maximum only falls, and never below what
    /// is sold, because scarcity is part of what holders bought.
    function update(Record storage self, uint256 editionId, uint96 price, uint64 maxSupply) internal {
        (uint64 sold, uint64 current) = (self.sold, self.maxSupply);
        if (current != 0 && (maxSupply == 0 || maxSupply > current)) {
            revert IContentKeys.ContentKeys_SupplyRaised(editionId, maxSupply, current);
        }
        if (maxSupply != 0 && maxSupply < sold) {
            revert IContentKeys.ContentKeys_SupplyBelowSold(editionId, maxSupply, sold);
        }
        self.price = price;
        self.maxSupply = maxSupply;
    }

    /// @notice Counts `quantity` keys as sold, within the maximum.
    function sell(Record storage self, uint256 editionId, uint256 quantity) internal {
        uint64 sold = self.sold;
        uint256 maximum = self.maxSupply == 0 ? type(uint64).max : self.maxSupply;
        uint256 available = maximum - sold;
        if (quantity > available) {
            revert IContentKeys.ContentKeys_SupplyExceeded(editionId, quantity, available);
        }
        self.sold = sold + uint64(quantity);
    }

    /// @notice Whether a key of this edition opens `firstSlice..lastSlice` of `version`.
    function opens(
        Record storage self,
        uint32 version,
        uint32 firstSlice,
        uint32 lastSlice
    ) internal view returns (bool) {
        if (version < self.version || (version > self.version && !self.laterVersions)) return false;
        return self.firstSlice <= firstSlice && lastSlice <= self.lastSlice;
    }

    /// @notice Whether the edition was ever created; a content id is a hash and not zero.
    function exists(Record storage self) internal view returns (bool) {
        return self.contentId != bytes32(0);
    }

    /// @notice The edition as the interface gives it.
    function load(Record storage self) internal view returns (IContentKeys.Edition memory edition) {
        edition.contentId = self.contentId;
        edition.version = self.version;
        edition.sold = self.sold;
        edition.epoch = self.epoch;
        edition.lockboxHash = self.lockboxes[self.epoch];
        edition.terms = _terms(self);
    }

    function _terms(Record storage self) private view returns (IContentKeys.Terms memory terms) {
        terms.price = self.price;
        terms.token = self.token;
        terms.maxSupply = self.maxSupply;
        terms.firstSlice = self.firstSlice;
        terms.lastSlice = self.lastSlice;
        terms.laterVersions = self.laterVersions;
        terms.duration = self.duration;
        terms.royaltyBps = self.royaltyBps;
        terms.referralBps = self.referralBps;
        terms.transferable = self.transferable;
        terms.payouts = new IContentKeys.Payout[](self.payoutCount);
        for (uint256 i = 0; i < self.payoutCount; ++i) terms.payouts[i] = self.payouts[i];
    }
}
