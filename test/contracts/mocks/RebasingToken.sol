// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Scales all balances at once, up or down, as stETH and AMPL do. Transfers move amounts, balances are shares.
contract RebasingToken {
    uint256 private constant _PERCENT = 100;

    uint256 private _scale = _PERCENT;
    mapping(address account => uint256 shares) private _shares;
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance;

    error Insufficient(uint256 shares, uint256 available);

    function mint(address to, uint256 amount) external {
        _shares[to] += _toShares(amount);
    }

    /// @param percent What every balance becomes, of what was minted.
    function rebase(uint256 percent) external {
        _scale = percent;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    function balanceOf(address account) external view returns (uint256) {
        return (_shares[account] * _scale) / _PERCENT;
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        uint256 shares = _toShares(amount);
        if (shares > _shares[from]) revert Insufficient(shares, _shares[from]);
        _shares[from] -= shares;
        _shares[to] += shares;
        return true;
    }

    function _toShares(uint256 amount) private view returns (uint256) {
        return (amount * _PERCENT) / _scale;
    }
}
