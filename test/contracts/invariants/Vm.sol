// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The few cheatcodes that these tests use.
interface Vm {
    function assume(bool condition) external pure;
    function deal(address account, uint256 balance) external;
    function expectRevert() external;
    function mockCall(address callee, bytes calldata data, bytes calldata result) external;
    function prank(address caller) external;
    function warp(uint256 time) external;
}

Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev The generator of P-256: a session key whose private half is one.
bytes32 constant GENERATOR_X = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296;
bytes32 constant GENERATOR_Y = 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5;

/// @dev Any signature verifies from here on: what is fuzzed is the bookkeeping, not the curve.
function acceptAnySignature() {
    VM.mockCall(address(0x100), "", abi.encode(uint256(1)));
}

function clamp(uint256 value, uint256 low, uint256 high) pure returns (uint256) {
    return low + (value % (high - low + 1));
}
