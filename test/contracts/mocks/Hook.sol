// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice Makes one prepared call when its turn comes, and keeps what came of it: the attacker's half of a reentrancy test.
abstract contract Hook {
    address private _target;
    bytes private _data;

    /// @notice Whether the prepared call was made.
    bool public fired;
    /// @notice Whether it went through.
    bool public succeeded;
    /// @notice What it answered or reverted with.
    bytes public result;

    /// @notice Prepares the call; the zero address disarms.
    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
        fired = false;
    }

    function _fire() internal {
        if (_target == address(0) || fired) return;
        fired = true;
        // solhint-disable-next-line avoid-low-level-calls
        (succeeded, result) = _target.call(_data);
    }
}

/// @notice A wallet with code: acts on its owner's behalf, strikes when it is paid or handed a key, or refuses to be.
contract HookedWallet is Hook {
    bool public refuses;

    error Refused();

    receive() external payable {
        if (refuses) revert Refused();
        _fire();
    }

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    function execute(address target, bytes calldata data) external payable returns (bytes memory) {
        return Address.functionCallWithValue(target, data, msg.value);
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
        if (refuses) revert Refused();
        _fire();
        return this.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external returns (bytes4) {
        if (refuses) revert Refused();
        _fire();
        return this.onERC1155BatchReceived.selector;
    }
}
