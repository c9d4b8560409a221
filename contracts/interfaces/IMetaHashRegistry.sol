// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IMetaHashRegistry
/// @notice Who published which content, and every version of it. Nothing here moves money; no owner exists.
interface IMetaHashRegistry {
    /// @notice `Active` may be sold; `Delisted` stays readable and served to those entitled, but sells no new keys.
    enum Status {
        None,
        Active,
        Delisted
    }

    /// @notice What the manifest calls `kind`.
    enum Kind {
        Media,
        File,
        Component
    }

    /// @notice A content, without its versions.
    /// @param versionCount Versions published so far; they are numbered from 1.
    struct Content {
        address creator;
        address pendingCreator;
        Status status;
        Kind kind;
        uint32 versionCount;
    }

    /// @notice One version's bytes.
    /// @param metaHash sha2-256 of the manifest's bytes.
    /// @param proofRoot Merkle root over `(index, chunkRoot)` leaves, for storage challenges; not zero.
    /// @param sliceCount Slices of the version; at least 1.
    /// @param publishedAt Unix seconds of the block.
    struct Version {
        bytes32 metaHash;
        bytes32 proofRoot;
        uint32 sliceCount;
        uint64 publishedAt;
    }

    /// @notice A content was registered, with its first version. @param creator Who published it and may add versions.
    /// @param salt What `contentId` was made with.
    event ContentPublished(bytes32 indexed contentId, address indexed creator, Kind indexed kind, bytes32 salt);
    /// @param version Its number, from 1. @param metaHash sha2-256 of its manifest. @param proofRoot As in `Version`.
    /// @param sliceCount Slices of this version.
    event VersionPublished(
        bytes32 indexed contentId,
        uint32 indexed version,
        bytes32 indexed metaHash,
        bytes32 proofRoot,
        uint32 sliceCount
    );
    /// @param status From now on; a new content is `Active` without this event.
    event StatusChanged(bytes32 indexed contentId, Status status);
    /// @param to Who may accept, in place of anyone named before; zero where the creator took the offer back.
    event CreatorTransferStarted(bytes32 indexed contentId, address indexed from, address indexed to);
    /// @notice From now on `to` publishes versions, sells editions and is credited where an edition has no payouts.
    event CreatorTransferred(bytes32 indexed contentId, address indexed from, address indexed to);

    /// @notice Registers a content and its first version. `contentId = keccak256(abi.encode(caller, salt))`. Reverts for a salt that
    /// the caller used before, and for a meta-hash, proof root or slice count of zero.
    function publish(
        bytes32 salt,
        bytes32 metaHash,
        bytes32 proofRoot,
        uint32 sliceCount,
        Kind kind
    ) external returns (bytes32 contentId);

    /// @notice Adds a version; only the creator. Reverts for zeroes as `publish`. @return version Its number.
    function publishVersion(
        bytes32 contentId,
        bytes32 metaHash,
        bytes32 proofRoot,
        uint32 sliceCount
    ) external returns (uint32 version);

    /// @notice Only the creator; to `Active` or `Delisted`.
    function setStatus(bytes32 contentId, Status status) external;

    /// @notice First step of handing a content over; address zero cancels.
    function transferCreator(bytes32 contentId, address to) external;

    /// @notice Second step, by the new creator.
    function acceptCreator(bytes32 contentId) external;

    /// @notice A content; reverts with `MetaHashRegistry_ContentUnknown`, like every read of one id.
    function contentOf(bytes32 contentId) external view returns (Content memory);

    /// @notice What other contracts ask about a content, from one storage slot.
    function headOf(bytes32 contentId) external view returns (address creator, Status status, uint32 versionCount);

    /// @notice Who may publish versions and sell editions now.
    function creatorOf(bytes32 contentId) external view returns (address);

    /// @notice Any version, however old; they are numbered from 1.
    function versionOf(bytes32 contentId, uint32 version) external view returns (Version memory);

    /// @notice Contents and their latest versions, for feeds; an unknown id yields zeroes. At most 256 ids.
    function contentsOf(
        bytes32[] calldata contentIds
    ) external view returns (Content[] memory contents, Version[] memory latest);

    /// @notice The id that `creator` would get for `salt`.
    function contentIdOf(address creator, bytes32 salt) external pure returns (bytes32);

    error MetaHashRegistry_ContentExists(bytes32 contentId);
    error MetaHashRegistry_ContentUnknown(bytes32 contentId);
    error MetaHashRegistry_VersionUnknown(bytes32 contentId, uint32 offered, uint32 latest);
    error MetaHashRegistry_MetaHashZero();
    error MetaHashRegistry_ProofRootZero();
    error MetaHashRegistry_SliceCountZero();
    error MetaHashRegistry_StatusInvalid(Status offered, Status current);
    error MetaHashRegistry_NotCreator(address caller, address creator);
    error MetaHashRegistry_NotPendingCreator(address caller, address pending);
    error MetaHashRegistry_BatchTooLarge(uint256 offered, uint256 maximum);
}
