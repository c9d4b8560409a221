// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Handles
/// @notice A handle as one word: its ASCII, left-aligned, zero behind its end. Zero is no handle.
library Handles {
    uint256 private constant _MIN_LENGTH = 3;
    uint256 private constant _MAX_LENGTH = 32;
    /// @dev One bit per character that is allowed: a-z, 0-9, `-` and `_`.
    uint256 private constant _ALLOWED =
        (((1 << 26) - 1) << 0x61) | (((1 << 10) - 1) << 0x30) | (1 << 0x2d) | (1 << 0x5f);

    /// @notice The word of `text`; a word that is not valid where the text is no handle, zero where it is empty.
    function pack(string calldata text) internal pure returns (bytes32 handle) {
        uint256 length = bytes(text).length;
        if (length == 0) return bytes32(0);
        handle = bytes32(bytes(text));
        // Longer text, or text that ends in zero bytes, would otherwise be taken for the handle that it starts with.
        if (length > _MAX_LENGTH || handle[length - 1] == 0) return bytes32(type(uint256).max);
    }

    /// @notice Whether the word is 3..32 allowed characters; a zero before the end is none of them.
    function isValid(bytes32 handle) internal pure returns (bool) {
        uint256 rest = uint256(handle);
        uint256 length;
        for (; rest != 0; rest <<= 8) {
            if ((_ALLOWED >> (rest >> 248)) & 1 == 0) return false;
            ++length;
        }
        return length >= _MIN_LENGTH;
    }

    /// @notice The text of a word: its bytes up to the last one that is not zero.
    function unpack(bytes32 handle) internal pure returns (string memory) {
        uint256 length = _MAX_LENGTH;
        while (length != 0 && handle[length - 1] == 0) --length;
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) text[i] = handle[i];
        return string(text);
    }
}
