// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISliceChannels} from "../../../contracts/interfaces/ISliceChannels.sol";
import {SliceChannels} from "../../../contracts/SliceChannels.sol";
import {ChannelsHandler} from "./ChannelsHandler.sol";
import {VM, GENERATOR_X, GENERATOR_Y, acceptAnySignature, clamp} from "./Vm.sol";

/// @notice The statements of README.md, after any sequence of the handler's calls.
contract SliceChannelsInvariants {
    ChannelsHandler private _handler;
    SliceChannels private _channels;

    function setUp() external {
        _handler = new ChannelsHandler();
        _channels = _handler.CHANNELS();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_Solvency() external view {
        for (uint256 i = 0; i < _handler.TOKENS(); ++i) {
            address token = _handler.tokens(i);
            uint256 owed = _escrow(token) + _locked(token);
            require(owed == _held(token, address(_channels)), "what is owed is not held");
        }
    }

    function invariant_ClaimedWithinDeposit() external view {
        for (uint256 i = 0; i < _handler.channelCount(); ++i) {
            (, ISliceChannels.Channel memory channel) = _handler.channelAt(i);
            require(channel.claimed <= channel.deposit, "claimed above deposit");
        }
    }

    function invariant_TotalsNeverFall() external view {
        require(!_handler.fell(), "a total fell");
    }

    function invariant_ClosedWordsStay() external view {
        require(!_handler.reopened(), "a closed channel changed");
    }

    function invariant_ExitsComplete() external view {
        require(!_handler.exitMoved(), "an exit was moved or taken back");
        require(!_handler.exitMistimed(), "an exit was refused in its time, or let through before it");
    }

    function invariant_ClaimsPayWhatWasPromised() external view {
        require(!_handler.mispaid(), "a claim paid something else");
    }

    function invariant_OnlyTheirOwnMayClose() external view {
        require(!_handler.trespassed(), "somebody closed what is not theirs");
    }

    function invariant_PayeesGetWhatWasClaimed() external view {
        for (uint256 i = 0; i < _handler.TOKENS(); ++i) {
            address token = _handler.tokens(i);
            uint256 received;
            for (uint256 j = 0; j < _handler.PAYEES(); ++j) {
                address payee = _handler.payees(j);
                uint256 held = _held(token, payee);
                require(held == _handler.earned(payee, token), "a payee has what it did not claim");
                received += held;
            }
            require(received == _claimed(token), "paid is not claimed");
        }
    }

    function invariant_OnlyPayersGetTheRest() external view {
        for (uint256 i = 0; i < _handler.TOKENS(); ++i) {
            address token = _handler.tokens(i);
            for (uint256 j = 0; j < _handler.PAYERS(); ++j) {
                address payer = _handler.payers(j);
                uint256 kept = _handler.PURSE() - _handler.spent(payer, token) + _handler.withdrawn(payer, token);
                require(_held(token, payer) == kept, "a payer has what is not its own");
            }
            require(_held(token, _handler.STRANGER()) == 0, "a stranger was paid");
        }
    }

    function invariant_AllowanceBoundsDraws() external view {
        require(!_handler.overdrawn(), "a session drew what it may not");
        for (uint256 i = 0; i < _handler.PAYERS(); ++i) {
            for (uint256 j = 0; j < _handler.SESSIONS(); ++j) {
                for (uint256 k = 0; k < _handler.TOKENS(); ++k) {
                    ISliceChannels.Grant memory grant = _channels.grantOf(
                        _handler.payers(i),
                        _handler.session(j),
                        _handler.tokens(k)
                    );
                    require(grant.remaining <= grant.limit, "remaining above limit");
                }
            }
        }
    }

    function _held(address token, address account) private view returns (uint256) {
        return token == address(0) ? account.balance : IERC20(token).balanceOf(account);
    }

    function _escrow(address token) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.PAYERS(); ++i) sum += _channels.balanceOf(_handler.payers(i), token);
    }

    function _locked(address token) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.channelCount(); ++i) {
            (ISliceChannels.Descriptor memory descriptor, ISliceChannels.Channel memory channel) = _handler.channelAt(
                i
            );
            if (descriptor.token != token || channel.closesAt == type(uint40).max) continue;
            sum += channel.deposit - channel.claimed;
        }
    }

    function _claimed(address token) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.channelCount(); ++i) {
            (ISliceChannels.Descriptor memory descriptor, ISliceChannels.Channel memory channel) = _handler.channelAt(
                i
            );
            if (descriptor.token == token) sum += channel.claimed;
        }
    }
}

/// @notice Statements about one channel, for any amounts and times.
contract SliceChannelsFuzz {
    address private constant _PAYER = address(0xA1);
    address private constant _PAYEE = address(0xB1);

    SliceChannels private _channels;

    function setUp() external {
        _channels = new SliceChannels();
        acceptAnySignature();
        VM.deal(_PAYER, type(uint96).max);
    }

    function testFuzz_RevocationLeavesClaims(uint96 deposit, uint96 promised, uint8 fate) external {
        deposit = uint96(clamp(deposit, 1, type(uint96).max));
        promised = uint96(clamp(promised, 1, type(uint96).max));
        ISliceChannels.Descriptor memory descriptor = _open(deposit, 1 hours);
        if (fate % 3 == 1) {
            VM.prank(_PAYER);
            _channels.revoke(descriptor.session);
        } else if (fate % 3 == 2) {
            VM.warp(block.timestamp + 30 days);
        }

        uint256 paid = _channels.claim(_claim(descriptor, promised));
        require(paid == (promised < deposit ? promised : deposit), "a claim paid something else");
        require(_PAYEE.balance == paid, "the payee got something else");
    }

    function testFuzz_ExitCompletes(uint96 deposit, uint96 promised, uint24 challenge, uint8 path) external {
        deposit = uint96(clamp(deposit, 2, type(uint96).max));
        promised = uint96(clamp(promised, 1, deposit));
        ISliceChannels.Descriptor memory descriptor = _open(deposit, challenge);
        VM.prank(_PAYER);
        _channels.requestClose(descriptor);
        uint256 closesAt = block.timestamp + challenge;

        if (path & 1 != 0) _channels.claim(_claim(descriptor, promised));
        if (path & 2 != 0) {
            VM.prank(_PAYER);
            _channels.revoke(descriptor.session);
        }
        if (challenge != 0) {
            VM.warp(closesAt - 1);
            VM.expectRevert();
            _channels.finalizeClose(descriptor);
        }
        VM.warp(closesAt);
        uint256 refunded = _channels.finalizeClose(descriptor);
        require(refunded == deposit - _PAYEE.balance, "the exit refunded something else");
        require(_channels.balanceOf(_PAYER, address(0)) == refunded, "the refund is not in escrow");
    }

    function _open(uint96 amount, uint24 challenge) private returns (ISliceChannels.Descriptor memory descriptor) {
        ISliceChannels.Session memory session = ISliceChannels.Session(GENERATOR_X, GENERATOR_Y);
        VM.prank(_PAYER);
        _channels.depositAndAuthorize{value: amount}(
            address(0),
            amount,
            session,
            amount,
            uint64(block.timestamp + 1 days)
        );
        ISliceChannels.OpenIntent memory intent = ISliceChannels.OpenIntent({
            payer: _PAYER,
            payee: _PAYEE,
            token: address(0),
            amount: amount,
            challenge: challenge,
            session: session,
            salt: 0,
            deadline: uint64(block.timestamp)
        });
        _channels.open(intent, _signature());
        return ISliceChannels.Descriptor(_PAYER, _PAYEE, address(0), session, 0);
    }

    function _claim(
        ISliceChannels.Descriptor memory descriptor,
        uint256 cumulative
    ) private view returns (ISliceChannels.Claim memory claim_) {
        claim_.descriptor = descriptor;
        claim_.voucher.channelId = _channels.channelIdOf(descriptor);
        claim_.voucher.cumulative = cumulative;
        claim_.signature = _signature();
    }

    function _signature() private pure returns (ISliceChannels.Signature memory) {
        return ISliceChannels.Signature(bytes32(uint256(1)), bytes32(uint256(1)));
    }
}
