// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {SliceChannels} from "../../../contracts/SliceChannels.sol";
import {TestToken} from "../mocks/TestToken.sol";
import {VM, acceptAnySignature} from "./Vm.sol";

/// @notice Who takes part in the fuzzing of the channels: payers with money, payees with none, sessions for all of them.
abstract contract ChannelsCast {
    uint256 public constant PAYERS = 3;
    uint256 public constant PAYEES = 3;
    uint256 public constant SESSIONS = 3;
    uint256 public constant TOKENS = 2;
    /// @notice What each payer starts with, in each token.
    uint256 public constant PURSE = type(uint128).max;
    address public constant STRANGER = address(0xD1);

    SliceChannels public immutable CHANNELS;
    address[TOKENS] public tokens;
    address[PAYERS] public payers = [address(0xA1), address(0xA2), address(0xA3)];
    address[PAYEES] public payees = [address(0xB1), address(0xB2), address(0xB3)];

    constructor() {
        CHANNELS = new SliceChannels();
        TestToken token = new TestToken();
        tokens = [address(0), address(token)];
        acceptAnySignature();
        for (uint256 i = 0; i < PAYERS; ++i) {
            VM.deal(payers[i], PURSE);
            token.mint(payers[i], PURSE);
            VM.prank(payers[i]);
            token.approve(address(CHANNELS), type(uint256).max);
        }
    }

    /// @notice One, two and three times the generator of P-256: any wallet may authorise any of them.
    function session(uint256 which) public pure returns (ISliceChannels.Session memory) {
        if (which % SESSIONS == 0) {
            return
                ISliceChannels.Session(
                    0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
                    0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5
                );
        }
        if (which % SESSIONS == 1) {
            return
                ISliceChannels.Session(
                    0x7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978,
                    0x07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1
                );
        }
        return
            ISliceChannels.Session(
                0x5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c,
                0x8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032
            );
    }

    /// @dev The precompile is mocked, so any signature with a low s verifies.
    function _signature() internal pure returns (ISliceChannels.Signature memory) {
        return ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
    }
}
