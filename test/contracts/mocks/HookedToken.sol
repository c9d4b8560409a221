// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Hook} from "./Hook.sol";

/// @notice An ERC-20 that strikes in the middle of its transfers.
contract HookedToken is ERC20, Hook {
    constructor() ERC20("Hooked", "HOOK") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0)) _fire();
        super._update(from, to, value);
    }
}
