// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ICredits
/// @notice What sales brought in, kept until those it belongs to withdraw it: nobody who refuses a payment can block a
/// sale, or anyone else's money. A buyer pays in full before anything is sold: the native coin with the call, a token by
/// allowance. Amounts are in token base units; address zero is the native coin.
///
/// No event says what was credited: it follows from the sale's own event and the edition's terms, and one per payee would make
/// a sale some 1,800 gas dearer for each.
interface ICredits {
    event Withdrawn(address indexed account, address indexed token, uint256 amount);

    /// @notice Pays the caller all of its credits in `token`. Reverts when there are none, and when the token or the one paid
    /// refuses the payment; the credit then stays.
    function withdraw(address token) external returns (uint256 paid);

    /// @notice `withdraw` for `account`, which alone is paid. Anyone may call it, for those that cannot: a contract that splits
    /// what it receives, named as a payee, would otherwise never see its part.
    function withdrawFor(address account, address token) external returns (uint256 paid);

    /// @notice What `withdraw` would pay.
    function creditOf(address account, address token) external view returns (uint256);

    error Credits_NothingToWithdraw(address account, address token);
    error Credits_TransferFailed(address token, address to, uint256 amount);
    error Credits_CostTooLarge(uint256 maxPrice, uint256 quantity);
    error Credits_ValueMismatch(uint256 offered, uint256 required);
    error Credits_FeeOnTransfer(address token, uint256 received, uint256 expected);
}
