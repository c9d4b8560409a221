// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {NodesHandler} from "./NodesHandler.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice The statements of README.md, after any sequence of the handler's calls.
contract NodeRegistryInvariants {
    NodesHandler private _handler;
    NodeRegistry private _nodes;

    function setUp() external {
        _handler = new NodesHandler();
        _nodes = _handler.NODES();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_StakesAreHeld() external view {
        uint256 stakes;
        for (uint256 i = 0; i < 3; ++i) stakes += _nodes.stakeOf(_handler.owners(i)).amount;
        require(address(_nodes).balance == stakes, "the balance is not the sum of stakes");
    }

    function invariant_OnlyOwnersArePaid() external view {
        for (uint256 i = 0; i < 3; ++i) {
            address owner = _handler.owners(i);
            uint256 inside = _handler.added(owner) - _handler.paid(owner);
            require(_nodes.stakeOf(owner).amount == inside, "a stake is not what its owner put in");
            require(owner.balance == _handler.FUNDS() - inside, "somebody else was paid");
        }
    }

    function invariant_ExitsCompleteInTheirTime() external view {
        require(!_handler.blocked(), "an exit did not complete");
        require(!_handler.early(), "an exit completed out of its time");
        for (uint256 i = 0; i < 3; ++i) {
            address owner = _handler.owners(i);
            INodeRegistry.Stake memory stake = _nodes.stakeOf(owner);
            INodeRegistry.Stake memory request = _handler.requestOf(owner);
            require(stake.leaving == request.leaving && stake.leaving <= stake.amount, "another amount is leaving");
            require(stake.availableAt == request.availableAt, "an exit was moved");
            require(stake.expiresAt == request.expiresAt, "a window was moved");
        }
    }

    function invariant_KeysStay() external view {
        for (uint256 i = 0; i < 3; ++i) {
            address owner = _handler.owners(i);
            uint256 count = _nodes.keeperKeyCount(owner);
            require(count == _handler.keyCount(owner), "a key is missing");
            bytes32 hash;
            for (uint256 j = 0; j < count; ++j) hash = keccak256(abi.encode(hash, _nodes.keeperKeyOf(owner, j).key));
            require(hash == _handler.keysOf(owner), "an earlier key changed");
        }
    }

    function invariant_ListedOnce() external view {
        INodeRegistry.NodeRecord[] memory records = _nodes.nodes(0, 256);
        require(records.length == _nodes.nodeCount(), "the list is not as long as it says");
        uint256 registered;
        for (uint256 i = 0; i < 3; ++i) if (_nodes.nodeOf(_handler.owners(i)).registeredAt != 0) ++registered;
        require(records.length == registered, "the list has too many or too few");
        for (uint256 i = 0; i < records.length; ++i) {
            for (uint256 j = 0; j < i; ++j) require(records[i].owner != records[j].owner, "an owner is listed twice");
        }
    }
}

/// @notice Statements about one owner, for any amounts and times.
contract NodeRegistryFuzz {
    address private constant _OWNER = address(0xA1);
    address private constant _STRANGER = address(0xB1);

    NodeRegistry private _nodes;

    function setUp() external {
        _nodes = new NodeRegistry();
        VM.deal(_OWNER, type(uint96).max);
        VM.deal(_STRANGER, type(uint96).max);
        _register(_OWNER);
        _register(_STRANGER);
    }

    function testFuzz_ExitCompletes(uint96 stake, uint256 asked, uint96 more, uint32 waited, uint8 path) external {
        stake = uint96(clamp(stake, 1, type(uint96).max));
        asked = clamp(asked, 1, type(uint256).max - 1);
        VM.prank(_OWNER);
        _nodes.addStake{value: stake}();
        VM.prank(_OWNER);
        _nodes.requestUnstake(asked);
        uint256 leaving = asked < stake ? asked : stake;

        if (path & 1 != 0 && _OWNER.balance != 0) {
            VM.prank(_OWNER);
            _nodes.addStake{value: clamp(more, 1, _OWNER.balance)}();
        }
        if (path & 2 != 0) {
            VM.prank(_OWNER);
            _nodes.deregister();
        }
        if (path & 4 != 0) _disturb();
        uint256 before = _OWNER.balance;
        VM.warp(block.timestamp + 7 days + clamp(waited, 0, 7 days - 1));
        VM.prank(_OWNER);
        require(_nodes.unstake() == leaving, "an exit paid something else");
        require(_OWNER.balance == before + leaving, "the owner got something else");
    }

    function testFuzz_RevertWhen_OutOfTime(uint96 stake, uint32 time) external {
        VM.prank(_OWNER);
        _nodes.addStake{value: clamp(stake, 1, type(uint96).max)}();
        VM.prank(_OWNER);
        _nodes.requestUnstake(type(uint256).max);
        // Any second before the window, or after it.
        uint256 waited = clamp(time, 0, 21 days);
        VM.warp(block.timestamp + (waited < 7 days ? waited : waited + 7 days));
        VM.prank(_OWNER);
        VM.expectRevert();
        _nodes.unstake();
    }

    function testFuzz_RevertWhen_NotTheOwner(address caller, uint96 stake) external {
        VM.assume(caller != _OWNER);
        VM.prank(_OWNER);
        _nodes.addStake{value: clamp(stake, 1, type(uint96).max)}();
        VM.prank(_OWNER);
        _nodes.requestUnstake(type(uint256).max);
        VM.warp(block.timestamp + 7 days);
        VM.prank(caller);
        VM.expectRevert();
        _nodes.unstake();
    }

    function testFuzz_RolesAreKnown(uint8 roles) external {
        INodeRegistry.Node memory node = INodeRegistry.Node("peer", roles, "", 0);
        bool known = roles != 0 && roles < 16;
        VM.prank(_OWNER);
        if (!known) VM.expectRevert();
        _nodes.register(node);
        require(_nodes.nodeOf(_OWNER).node.roles == (known ? roles : 1), "other roles were stored");
    }

    /// @dev What somebody else can do meanwhile.
    function _disturb() private {
        VM.prank(_STRANGER);
        _nodes.addStake{value: 1 ether}();
        VM.prank(_STRANGER);
        _nodes.requestUnstake(1 ether);
        VM.prank(_STRANGER);
        _nodes.deregister();
    }

    function _register(address owner) private {
        VM.prank(owner);
        _nodes.register(INodeRegistry.Node("peer", 1, "", 0));
    }
}
