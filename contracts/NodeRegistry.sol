// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {NodeRoles} from "./libraries/NodeRoles.sol";
import {NodeStake} from "./nodes/NodeStake.sol";

/// @title NodeRegistry
/// @notice See {INodeRegistry}. No owner of the contract: every entry is written by the account it belongs to, and by nobody else.
contract NodeRegistry is NodeStake {
    using NodeRoles for uint8;

    /// @dev A registration without its peer id.
    struct Entry {
        uint8 roles;
        uint40 registeredAt;
        uint40 updatedAt;
        bytes32 certificate;
        string endpoint;
    }

    /// @dev `peer` is a place in `_peerIds`: a proof stays checkable after the node's peer id has changed.
    struct StoredKey {
        bytes32 key;
        bytes32 challenge;
        bytes32 response;
        uint64 since;
        uint64 peer;
    }

    uint256 private constant _MAX_PEER_ID = 64;
    uint256 private constant _MAX_ENDPOINT = 256;
    uint256 private constant _MAX_BATCH = 256;

    address[] private _owners;
    mapping(address owner => Entry entry) private _entries;
    /// @dev Every peer id that an owner named, in order; the last is its node's.
    mapping(address owner => bytes[] peerIds) private _peerIds;
    mapping(address owner => StoredKey[] keys) private _keeperKeys;

    /// @inheritdoc INodeRegistry
    function register(Node calldata node) external override {
        uint256 length = node.peerId.length;
        if (length == 0 || length > _MAX_PEER_ID) revert NodeRegistry_PeerIdLength(length, _MAX_PEER_ID);
        if (!node.roles.areValid()) revert NodeRegistry_RolesInvalid(node.roles, NodeRoles.ALL);
        length = bytes(node.endpoint).length;
        if (length > _MAX_ENDPOINT) revert NodeRegistry_EndpointTooLong(length, _MAX_ENDPOINT);

        Entry storage entry = _entries[msg.sender];
        uint40 registeredAt = entry.registeredAt;
        if (registeredAt == 0) {
            registeredAt = uint40(block.timestamp);
            _owners.push(msg.sender);
        }
        (entry.roles, entry.registeredAt, entry.updatedAt) = (node.roles, registeredAt, uint40(block.timestamp));
        entry.certificate = node.certificate;
        entry.endpoint = node.endpoint;

        bytes32 peerIdHash = keccak256(node.peerId);
        if (keccak256(_peerIdOf(msg.sender)) != peerIdHash) _peerIds[msg.sender].push(node.peerId);
        emit NodeRegistered(msg.sender, node.roles, peerIdHash, node.peerId, node.endpoint, node.certificate);
    }

    /// @inheritdoc INodeRegistry
    function deregister() external override {
        _requireRegistered(msg.sender);
        Entry storage entry = _entries[msg.sender];
        (entry.roles, entry.updatedAt) = (0, uint40(block.timestamp));
        emit NodeDeregistered(msg.sender);
    }

    /// @inheritdoc INodeRegistry
    function setKeeperKey(bytes32 key, bytes32 challenge, bytes32 response) external override {
        uint8 roles = _entries[msg.sender].roles;
        if (!roles.include(NodeRoles.KEEPER)) revert NodeRegistry_NotKeeper(msg.sender, roles);
        if (key == bytes32(0)) revert NodeRegistry_KeeperKeyZero();

        StoredKey memory next = StoredKey({
            key: key,
            challenge: challenge,
            response: response,
            since: uint64(block.timestamp),
            peer: uint64(_peerIds[msg.sender].length - 1)
        });
        StoredKey[] storage keys = _keeperKeys[msg.sender];
        uint256 index = keys.length;
        if (index != 0 && _saysTheSame(keys[index - 1], next)) revert NodeRegistry_KeeperKeyUnchanged(key);
        keys.push(next);
        emit KeeperKeySet(msg.sender, index, key, challenge, response);
    }

    /// @inheritdoc INodeRegistry
    function nodeOf(address owner) external view override returns (NodeRecord memory) {
        return _record(owner);
    }

    /// @inheritdoc INodeRegistry
    function nodesOf(address[] calldata owners) external view override returns (NodeRecord[] memory records) {
        uint256 count = owners.length;
        if (count > _MAX_BATCH) revert NodeRegistry_BatchTooLarge(count, _MAX_BATCH);
        records = new NodeRecord[](count);
        for (uint256 i = 0; i < count; ++i) records[i] = _record(owners[i]);
    }

    /// @inheritdoc INodeRegistry
    function nodeCount() external view override returns (uint256) {
        return _owners.length;
    }

    /// @inheritdoc INodeRegistry
    function nodes(uint256 offset, uint256 limit) external view override returns (NodeRecord[] memory records) {
        if (limit > _MAX_BATCH) revert NodeRegistry_BatchTooLarge(limit, _MAX_BATCH);
        uint256 total = _owners.length;
        uint256 left = offset < total ? total - offset : 0;
        records = new NodeRecord[](limit < left ? limit : left);
        for (uint256 i = 0; i < records.length; ++i) records[i] = _record(_owners[offset + i]);
    }

    /// @inheritdoc INodeRegistry
    function keeperKeyCount(address owner) external view override returns (uint256) {
        return _keeperKeys[owner].length;
    }

    /// @inheritdoc INodeRegistry
    function keeperKeyOf(address owner, uint256 index) external view override returns (KeeperKey memory) {
        uint256 count = _keeperKeys[owner].length;
        if (index >= count) revert NodeRegistry_KeeperKeyUnknown(owner, index, count);
        return _keeperKey(owner, index);
    }

    /// @inheritdoc INodeRegistry
    function keeperStatementOf(
        address owner,
        bytes calldata peerId,
        bytes32 key
    ) external view override returns (bytes32) {
        return sha256(abi.encode(block.chainid, address(this), owner, peerId, key));
    }

    function _requireRegistered(address owner) internal view override {
        if (_entries[owner].roles == 0) revert NodeRegistry_NotRegistered(owner);
    }

    function _record(address owner) private view returns (NodeRecord memory record) {
        Entry storage entry = _entries[owner];
        record.owner = owner;
        (record.registeredAt, record.updatedAt) = (entry.registeredAt, entry.updatedAt);
        record.node = Node({
            peerId: _peerIdOf(owner),
            roles: entry.roles,
            endpoint: entry.endpoint,
            certificate: entry.certificate
        });
        record.stake = stakeOf(owner);
        record.keeperKeyCount = _keeperKeys[owner].length;
        if (record.keeperKeyCount != 0) record.keeperKey = _keeperKey(owner, record.keeperKeyCount - 1);
    }

    /// @dev Of the node as it is registered now; empty for an account that never registered one.
    function _peerIdOf(address owner) private view returns (bytes memory) {
        bytes[] storage peerIds = _peerIds[owner];
        return peerIds.length == 0 ? bytes("") : peerIds[peerIds.length - 1];
    }

    function _keeperKey(address owner, uint256 index) private view returns (KeeperKey memory) {
        StoredKey memory stored = _keeperKeys[owner][index];
        return
            KeeperKey({
                key: stored.key,
                challenge: stored.challenge,
                response: stored.response,
                since: stored.since,
                peerId: _peerIds[owner][stored.peer]
            });
    }

    function _saysTheSame(StoredKey storage current, StoredKey memory next) private view returns (bool) {
        return
            current.key == next.key &&
            current.peer == next.peer &&
            current.challenge == next.challenge &&
            current.response == next.response;
    }
}
