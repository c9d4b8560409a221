// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Returns nothing from its transfers, as USDT does on mainnet, and can be told to refuse them.
contract SilentToken {
    mapping(address account => uint256 amount) public balanceOf;
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance;
    bool public frozen;

    error Frozen();

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function freeze(bool frozen_) external {
        frozen = frozen_;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        if (frozen) revert Frozen();
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
