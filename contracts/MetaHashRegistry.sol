// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMetaHashRegistry} from "./interfaces/IMetaHashRegistry.sol";

/// @title MetaHashRegistry
/// @notice See {IMetaHashRegistry}.
contract MetaHashRegistry is IMetaHashRegistry {
    /// @dev What every reader needs, in one slot.
    struct Head {
        address creator;
        Status status;
        Kind kind;
        uint32 versionCount;
    }

    uint256 private constant _MAX_BATCH = 256;

    mapping(bytes32 contentId => Head head) private _heads;
    mapping(bytes32 contentId => address pendingCreator) private _pendingCreators;
    mapping(bytes32 contentId => mapping(uint32 number => Version version)) private _versions;

    /// @inheritdoc IMetaHashRegistry
    function publish(
        bytes32 salt,
        bytes32 metaHash,
        bytes32 proofRoot,
        uint32 sliceCount,
        Kind kind
    ) external override returns (bytes32 contentId) {
        contentId = contentIdOf(msg.sender, salt);
        if (_heads[contentId].status != Status.None) revert MetaHashRegistry_ContentExists(contentId);

        _heads[contentId] = Head({creator: msg.sender, status: Status.Active, kind: kind, versionCount: 1});
        emit ContentPublished(contentId, msg.sender, kind, salt);
        _addVersion(contentId, 1, metaHash, proofRoot, sliceCount);
    }

    /// @inheritdoc IMetaHashRegistry
    function publishVersion(
        bytes32 contentId,
        bytes32 metaHash,
        bytes32 proofRoot,
        uint32 sliceCount
    ) external override returns (uint32 version) {
        version = _ownHead(contentId).versionCount + 1;
        _heads[contentId].versionCount = version;
        _addVersion(contentId, version, metaHash, proofRoot, sliceCount);
    }

    /// @inheritdoc IMetaHashRegistry
    function setStatus(bytes32 contentId, Status status) external override {
        Status current = _ownHead(contentId).status;
        if (status == Status.None || status == current) revert MetaHashRegistry_StatusInvalid(status, current);
        _heads[contentId].status = status;
        emit StatusChanged(contentId, status);
    }

    /// @inheritdoc IMetaHashRegistry
    function transferCreator(bytes32 contentId, address to) external override {
        _ownHead(contentId);
        _pendingCreators[contentId] = to;
        emit CreatorTransferStarted(contentId, msg.sender, to);
    }

    /// @inheritdoc IMetaHashRegistry
    function acceptCreator(bytes32 contentId) external override {
        address from = _head(contentId).creator;
        address pending = _pendingCreators[contentId];
        if (msg.sender != pending) revert MetaHashRegistry_NotPendingCreator(msg.sender, pending);
        delete _pendingCreators[contentId];
        _heads[contentId].creator = msg.sender;
        emit CreatorTransferred(contentId, from, msg.sender);
    }

    /// @inheritdoc IMetaHashRegistry
    function contentOf(bytes32 contentId) external view override returns (Content memory) {
        _head(contentId);
        return _content(contentId);
    }

    /// @inheritdoc IMetaHashRegistry
    function headOf(bytes32 contentId) external view override returns (address, Status, uint32) {
        Head memory head = _head(contentId);
        return (head.creator, head.status, head.versionCount);
    }

    /// @inheritdoc IMetaHashRegistry
    function creatorOf(bytes32 contentId) external view override returns (address) {
        return _head(contentId).creator;
    }

    /// @inheritdoc IMetaHashRegistry
    function versionOf(bytes32 contentId, uint32 version) external view override returns (Version memory) {
        uint32 latest = _head(contentId).versionCount;
        if (version == 0 || version > latest) revert MetaHashRegistry_VersionUnknown(contentId, version, latest);
        return _versions[contentId][version];
    }

    /// @inheritdoc IMetaHashRegistry
    function contentsOf(
        bytes32[] calldata contentIds
    ) external view override returns (Content[] memory contents, Version[] memory latest) {
        uint256 count = contentIds.length;
        if (count > _MAX_BATCH) revert MetaHashRegistry_BatchTooLarge(count, _MAX_BATCH);
        contents = new Content[](count);
        latest = new Version[](count);
        for (uint256 i = 0; i < count; ++i) {
            contents[i] = _content(contentIds[i]);
            latest[i] = _versions[contentIds[i]][contents[i].versionCount];
        }
    }

    /// @inheritdoc IMetaHashRegistry
    function contentIdOf(address creator, bytes32 salt) public pure override returns (bytes32) {
        return keccak256(abi.encode(creator, salt));
    }

    function _addVersion(
        bytes32 contentId,
        uint32 number,
        bytes32 metaHash,
        bytes32 proofRoot,
        uint32 sliceCount
    ) private {
        if (metaHash == bytes32(0)) revert MetaHashRegistry_MetaHashZero();
        if (proofRoot == bytes32(0)) revert MetaHashRegistry_ProofRootZero();
        if (sliceCount == 0) revert MetaHashRegistry_SliceCountZero();
        _versions[contentId][number] = Version({
            metaHash: metaHash,
            proofRoot: proofRoot,
            sliceCount: sliceCount,
            publishedAt: uint64(block.timestamp)
        });
        emit VersionPublished(contentId, number, metaHash, proofRoot, sliceCount);
    }

    function _content(bytes32 contentId) private view returns (Content memory) {
        Head memory head = _heads[contentId];
        return
            Content({
                creator: head.creator,
                pendingCreator: _pendingCreators[contentId],
                status: head.status,
                kind: head.kind,
                versionCount: head.versionCount
            });
    }

    function _head(bytes32 contentId) private view returns (Head memory head) {
        head = _heads[contentId];
        if (head.status == Status.None) revert MetaHashRegistry_ContentUnknown(contentId);
    }

    function _ownHead(bytes32 contentId) private view returns (Head memory head) {
        head = _head(contentId);
        if (msg.sender != head.creator) revert MetaHashRegistry_NotCreator(msg.sender, head.creator);
    }
}
