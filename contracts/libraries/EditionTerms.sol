// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContentKeys} from "../interfaces/IContentKeys.sol";

/// @title EditionTerms
/// @notice Which terms an edition may be created with.
library EditionTerms {
    /// @dev Basis points of the whole.
    uint256 internal constant BPS = 10_000;
    /// @dev `lastSlice` of an edition that reaches the end of every version it opens.
    uint32 internal constant TO_THE_END = type(uint32).max;

    uint256 private constant _MAX_ROYALTY_BPS = 5_000;
    uint256 private constant _MAX_REFERRAL_BPS = 5_000;
    uint256 private constant _MAX_PAYOUTS = 16;

    /// @notice Reverts for terms that could not be kept.
    /// @param sliceCount Slices of the version for which the edition is created.
    function requireSound(IContentKeys.Terms calldata terms, uint32 sliceCount) internal pure {
        uint32 last = terms.lastSlice == TO_THE_END ? sliceCount - 1 : terms.lastSlice;
        if (terms.firstSlice > last || last >= sliceCount) {
            revert IContentKeys.ContentKeys_RangeInvalid(terms.firstSlice, terms.lastSlice, sliceCount);
        }
        if (terms.royaltyBps > _MAX_ROYALTY_BPS) {
            revert IContentKeys.ContentKeys_RoyaltyTooHigh(terms.royaltyBps, _MAX_ROYALTY_BPS);
        }
        if (terms.referralBps > _MAX_REFERRAL_BPS) {
            revert IContentKeys.ContentKeys_ReferralTooHigh(terms.referralBps, _MAX_REFERRAL_BPS);
        }
        // A timed key is an expiry and not a balance: there is nothing to transfer.
        if (terms.duration != 0 && terms.transferable)
            revert IContentKeys.ContentKeys_TimedTransferable(terms.duration);
        _requireSoundPayouts(terms.payouts);
    }

    function _requireSoundPayouts(IContentKeys.Payout[] calldata payouts) private pure {
        uint256 count = payouts.length;
        if (count == 0) return;
        if (count > _MAX_PAYOUTS) revert IContentKeys.ContentKeys_TooManyPayouts(count, _MAX_PAYOUTS);
        uint256 sum;
        for (uint256 i = 0; i < count; ++i) {
            if (payouts[i].to == address(0)) revert IContentKeys.ContentKeys_PayoutToZero(i);
            sum += payouts[i].bps;
        }
        if (sum != BPS) revert IContentKeys.ContentKeys_PayoutsInvalid(sum, BPS);
    }
}
