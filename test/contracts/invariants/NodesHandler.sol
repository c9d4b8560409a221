// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {NodeRegistry} from "../../../contracts/NodeRegistry.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice Draws random calls for three owners, and keeps its own books beside the contract's.
contract NodesHandler {
    uint256 public constant FUNDS = type(uint128).max;

    NodeRegistry public immutable NODES;
    address[3] public owners = [address(0xA1), address(0xA2), address(0xA3)];

    mapping(address owner => uint256 amount) public added;
    mapping(address owner => uint256 amount) public paid;
    mapping(address owner => INodeRegistry.Stake request) private _requests;
    mapping(address owner => bytes32 hash) private _keys;
    mapping(address owner => uint256 count) public keyCount;

    /// @notice Set once an exit, within its time, was refused or paid something else than was requested.
    bool public blocked;
    /// @notice Set once an exit was paid outside its time, or without a request.
    bool public early;

    constructor() {
        NODES = new NodeRegistry();
        for (uint256 i = 0; i < owners.length; ++i) VM.deal(owners[i], FUNDS);
    }

    function register(uint256 who, uint8 roles, uint8 peer) external {
        INodeRegistry.Node memory node;
        node.peerId = abi.encodePacked(bytes32("peer"), peer % 4);
        node.roles = uint8(clamp(roles, 1, 15));
        VM.prank(owners[who % 3]);
        NODES.register(node);
    }

    function deregister(uint256 who) external {
        VM.prank(owners[who % 3]);
        try NODES.deregister() {} catch {}
    }

    function setKeeperKey(uint256 who, bytes32 key) external {
        address owner = owners[who % 3];
        VM.prank(owner);
        try NODES.setKeeperKey(key, key, key) {
            ++keyCount[owner];
            _keys[owner] = keccak256(abi.encode(_keys[owner], key));
        } catch {}
    }

    function addStake(uint256 who, uint96 amount) external {
        address owner = owners[who % 3];
        amount = uint96(clamp(amount, 1, type(uint80).max));
        VM.prank(owner);
        try NODES.addStake{value: amount}() {
            added[owner] += amount;
        } catch {}
    }

    function requestUnstake(uint256 who, uint96 amount) external {
        address owner = owners[who % 3];
        uint256 stake = NODES.stakeOf(owner).amount;
        VM.prank(owner);
        try NODES.requestUnstake(amount) {
            _requests[owner] = INodeRegistry.Stake({
                amount: stake,
                leaving: amount < stake ? amount : stake,
                availableAt: uint64(block.timestamp + 7 days),
                expiresAt: uint64(block.timestamp + 14 days)
            });
        } catch {}
    }

    /// @notice An owner tries to leave, whenever that is.
    function unstake(uint256 who) external {
        address owner = owners[who % 3];
        INodeRegistry.Stake memory request = _requests[owner];
        bool due =
            request.leaving != 0 && block.timestamp >= request.availableAt && block.timestamp < request.expiresAt;
        VM.prank(owner);
        try NODES.unstake() returns (uint256 amount) {
            if (!due) early = true;
            if (amount != request.leaving) blocked = true;
            paid[owner] += amount;
            delete _requests[owner];
        } catch {
            if (due) blocked = true;
        }
    }

    function pass(uint32 elapsed) external {
        VM.warp(block.timestamp + clamp(elapsed, 1, 5 days));
    }

    /// @notice What the owner asked for, by the handler's own books, unless it has lapsed.
    function requestOf(address owner) external view returns (INodeRegistry.Stake memory request) {
        if (block.timestamp < _requests[owner].expiresAt) request = _requests[owner];
    }

    /// @notice A hash over every key that the owner set, in order.
    function keysOf(address owner) external view returns (bytes32) {
        return _keys[owner];
    }
}
