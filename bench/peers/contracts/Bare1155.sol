// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @notice What a key costs at the least: a mint that anyone may call, without price, supply, splits or terms.
contract Bare1155 is ERC1155 {
    constructor() ERC1155("") {}

    function mint(address to, uint256 id) external {
        _mint(to, id, 1, "");
    }
}
