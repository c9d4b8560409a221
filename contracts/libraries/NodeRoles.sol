// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title NodeRoles
/// @notice What a node does for others, as bits.
library NodeRoles {
    uint8 internal constant SEEDER = 1;
    uint8 internal constant KEEPER = 2;
    uint8 internal constant BOOTSTRAP = 4;
    uint8 internal constant RELAY = 8;
    uint8 internal constant ALL = SEEDER | KEEPER | BOOTSTRAP | RELAY;

    /// @notice At least one role, and none that is unknown.
    function areValid(uint8 roles) internal pure returns (bool) {
        return roles != 0 && roles & ~ALL == 0;
    }

    /// @notice Whether `roles` has all of `wanted`.
    function include(uint8 roles, uint8 wanted) internal pure returns (bool) {
        return roles & wanted == wanted;
    }
}
