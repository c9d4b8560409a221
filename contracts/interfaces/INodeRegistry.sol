// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title INodeRegistry
/// @notice Who runs which node: peer id, roles, endpoint, certificate, a keeper's public key, and a stake. One node per account.
/// An entry is what its owner says. The chain checks neither that the peer id is the owner's nor the proof of a keeper's key:
/// readers do, see `docs/protocol.md`. Nothing is slashed: a stake is money that waits seven days before it can leave, no more.
/// All times are unix seconds; stakes are in base units of the chain's native coin.
interface INodeRegistry {
    /// @notice What an owner says of its node.
    /// @param peerId libp2p peer id in binary (a multihash), 1 to 64 bytes. Several owners may name the same one: the chain cannot
    /// tell whose it is, and to let the first one have it would let anybody lock a peer out.
    /// @param roles Bit mask: 1 seeder, 2 keeper, 4 bootstrap, 8 relay. Not empty.
    /// @param endpoint Where the node is reached, a URL or a multiaddr; at most 256 bytes, may be empty. Text from a stranger.
    /// @param certificate sha2-256 of its TLS certificate in DER; zero for none.
    struct Node {
        bytes peerId;
        uint8 roles;
        string endpoint;
        bytes32 certificate;
    }

    /// @notice A keeper's public key, and the proof that its owner knows the secret: Schnorr over ristretto255, not checked here.
    /// @param key The point, RFC 9496.
    /// @param challenge Scalar, 32 bytes little-endian. @param response Likewise.
    /// @param since When it was set. It holds until the next one is set.
    /// @param peerId The peer that the proof names.
    struct KeeperKey {
        bytes32 key;
        bytes32 challenge;
        bytes32 response;
        uint64 since;
        bytes peerId;
    }

    /// @notice What an owner has at stake.
    /// @param amount All of it, the part that is leaving included.
    /// @param leaving The part that a request may take out; what stands firmly is `amount - leaving`. Zero without a request,
    /// and again once it has lapsed.
    /// @param availableAt First second at which `unstake` pays it. @param expiresAt First second at which the request has lapsed.
    struct Stake {
        uint256 amount;
        uint256 leaving;
        uint64 availableAt;
        uint64 expiresAt;
    }

    /// @notice All that lists show of a node.
    /// @param node Its last registration; `roles` is zero once deregistered.
    /// @param registeredAt When its owner registered first; zero if never.
    /// @param updatedAt When it was registered or deregistered last.
    /// @param keeperKeyCount Keys set so far. @param keeperKey The last of them; zeroes if none. It is in use only while
    /// the node is a keeper under the peer id that the key's proof names.
    struct NodeRecord {
        address owner;
        Node node;
        uint64 registeredAt;
        uint64 updatedAt;
        Stake stake;
        uint256 keeperKeyCount;
        KeeperKey keeperKey;
    }

    /// @notice A node was registered or changed. @param peerIdHash keccak256 of `peerId`, to look for everybody who names it.
    event NodeRegistered(
        address indexed owner,
        uint8 indexed roles,
        bytes32 indexed peerIdHash,
        bytes peerId,
        string endpoint,
        bytes32 certificate
    );
    event NodeDeregistered(address indexed owner);
    /// @notice A keeper's key was set, for the peer id of the owner's last `NodeRegistered`.
    event KeeperKeySet(
        address indexed owner,
        uint256 indexed index,
        bytes32 indexed key,
        bytes32 challenge,
        bytes32 response
    );
    /// @param stake The owner's stake after it.
    event StakeAdded(address indexed owner, uint256 amount, uint256 stake);
    event UnstakeRequested(address indexed owner, uint256 amount, uint256 availableAt, uint256 expiresAt);
    /// @param stake The owner's stake after it.
    event Unstaked(address indexed owner, uint256 amount, uint256 stake);

    /// @notice Registers the caller's node, or replaces what was registered; in force at once.
    function register(Node calldata node) external;

    /// @notice Takes the caller's node out of service: its roles are cleared, everything else stays readable. The stake leaves as
    /// before, by `requestUnstake`.
    function deregister() external;

    /// @notice Sets the public key of the caller's node, which must be a keeper. Earlier keys stay readable. Refuses zero, which
    /// encodes the identity, and what is in force already; the same key with another proof, or after a change of the peer id, is taken.
    /// @param challenge Of the proof over `keeperStatementOf(caller, peer id, key)`. @param response Likewise.
    function setKeeperKey(bytes32 key, bytes32 challenge, bytes32 response) external;

    /// @notice Adds the call's value to the stake of the caller, who must have a node. A request to unstake stays as it is.
    function addStake() external payable;

    /// @notice Announces that `amount` will leave, or the whole stake where that is less; replaces an earlier request. What is added
    /// afterwards is not part of it.
    function requestUnstake(uint256 amount) external;

    /// @notice Pays what was requested to the caller, from `UNSTAKE_DELAY` after the request on, for `UNSTAKE_WINDOW`. Then the request
    /// has lapsed and nothing leaves without a new one, so that no stake can be always on the point of leaving.
    function unstake() external returns (uint256 paid);

    /// @notice A node; zeroes for an account that never registered one.
    function nodeOf(address owner) external view returns (NodeRecord memory);

    /// @notice `nodeOf` for at most 256 accounts.
    function nodesOf(address[] calldata owners) external view returns (NodeRecord[] memory);

    /// @notice Accounts that ever registered a node.
    function nodeCount() external view returns (uint256);

    /// @notice Their nodes in order of first registration, deregistered ones included, so that a place in the list never changes.
    /// @param limit At most 256; the page is shorter at the end of the list.
    function nodes(uint256 offset, uint256 limit) external view returns (NodeRecord[] memory);

    /// @notice Keys that a keeper set so far.
    function keeperKeyCount(address owner) external view returns (uint256);

    /// @notice Any of them, however old; they are numbered from 0.
    function keeperKeyOf(address owner, uint256 index) external view returns (KeeperKey memory);

    /// @notice What an owner has at stake, and what is leaving.
    function stakeOf(address owner) external view returns (Stake memory);

    /// @notice What the proof of a keeper's key is made over:
    /// `sha256(abi.encode(chainId, this contract, owner, peerId, key))`.
    function keeperStatementOf(address owner, bytes calldata peerId, bytes32 key) external view returns (bytes32);

    /// @notice Seconds between `requestUnstake` and `unstake`.
    function UNSTAKE_DELAY() external view returns (uint256);

    /// @notice Seconds for which `unstake` then works.
    function UNSTAKE_WINDOW() external view returns (uint256);

    error NodeRegistry_NotRegistered(address owner);
    error NodeRegistry_PeerIdLength(uint256 offered, uint256 maximum);
    error NodeRegistry_RolesInvalid(uint8 offered, uint8 known);
    error NodeRegistry_EndpointTooLong(uint256 offered, uint256 maximum);
    error NodeRegistry_NotKeeper(address owner, uint8 roles);
    error NodeRegistry_KeeperKeyZero();
    error NodeRegistry_KeeperKeyUnchanged(bytes32 key);
    error NodeRegistry_KeeperKeyUnknown(address owner, uint256 offered, uint256 count);
    error NodeRegistry_AmountZero();
    error NodeRegistry_StakeTooLarge(uint256 offered, uint256 maximum);
    error NodeRegistry_NoStake(address owner);
    error NodeRegistry_NoRequest(address owner);
    error NodeRegistry_UnstakeTooEarly(uint256 time, uint256 availableAt);
    error NodeRegistry_UnstakeTooLate(uint256 time, uint256 expiresAt);
    error NodeRegistry_TransferFailed(address to, uint256 amount);
    error NodeRegistry_BatchTooLarge(uint256 offered, uint256 maximum);
}
