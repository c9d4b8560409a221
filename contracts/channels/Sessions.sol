// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ISliceChannels} from "../interfaces/ISliceChannels.sol";
import {SessionSignature} from "../libraries/SessionSignature.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Sessions
/// @notice Which P-256 keys speak for which wallet, until when, and how much they may still draw.
abstract contract Sessions is ISliceChannels {
    /// @dev The single authority for a session's expiry, with the native coin's allowance in the same slot.
    /// `epoch` counts the grants that ended; allowances of other tokens name the epoch in which they were given.
    struct SessionGrant {
        uint40 expiry;
        uint24 epoch;
        uint96 limit;
        uint96 remaining;
    }

    struct TokenGrant {
        uint24 epoch;
        uint96 limit;
        uint96 remaining;
    }

    mapping(address payer => mapping(bytes32 sessionId => SessionGrant grant)) private _sessions;
    mapping(address payer => mapping(bytes32 sessionId => mapping(address token => TokenGrant grant)))
        private _tokenGrants;

    /// @inheritdoc ISliceChannels
    function authorize(Session calldata session, address token, uint96 limit, uint64 expiry) external override {
        _authorize(session, token, limit, expiry);
    }

    /// @inheritdoc ISliceChannels
    function revoke(Session calldata session) external override {
        // Effect: no expiry, no allowance, and a new epoch so that no token's allowance outlives this.
        bytes32 id = _sessionId(session);
        _sessions[msg.sender][id] = SessionGrant({
            expiry: 0,
            epoch: _nextEpoch(_sessions[msg.sender][id].epoch),
            limit: 0,
            remaining: 0
        });
        emit SessionRevoked(msg.sender, id);
    }

    /// @inheritdoc ISliceChannels
    function grantOf(
        address payer,
        Session calldata session,
        address token
    ) external view override returns (Grant memory) {
        bytes32 id = _sessionId(session);
        SessionGrant memory grant = _sessions[payer][id];
        if (token == Tokens.NATIVE) return Grant(grant.expiry, grant.limit, grant.remaining);

        TokenGrant memory inToken = _tokenGrants[payer][id][token];
        if (inToken.epoch != grant.epoch) return Grant(grant.expiry, 0, 0);
        return Grant(grant.expiry, inToken.limit, inToken.remaining);
    }

    /// @inheritdoc ISliceChannels
    function sessionExpiry(address payer, Session calldata session) external view override returns (uint64) {
        return _sessions[payer][_sessionId(session)].expiry;
    }

    function _authorize(Session calldata session, address token, uint96 limit, uint64 expiry) internal {
        // Check: a point of the curve, and a time that is ahead and storable.
        if (!P256.isValidPublicKey(session.qx, session.qy)) {
            revert SliceChannels_SessionInvalid(session.qx, session.qy);
        }
        if (expiry <= block.timestamp) revert SliceChannels_ExpiryPast(expiry, block.timestamp);
        if (expiry > type(uint40).max) revert SliceChannels_ExpiryTooFar(expiry, type(uint40).max);

        // Effect: one expiry for all tokens; what is left of a grant that ran out must not come back to life with it.
        bytes32 id = _sessionId(session);
        SessionGrant storage stored = _sessions[msg.sender][id];
        SessionGrant memory grant = stored;
        if (grant.expiry != 0 && grant.expiry <= block.timestamp) {
            grant = SessionGrant({expiry: 0, epoch: _nextEpoch(grant.epoch), limit: 0, remaining: 0});
        }
        grant.expiry = uint40(expiry);
        if (token == Tokens.NATIVE) {
            grant.limit = limit;
            grant.remaining = limit;
        } else {
            _tokenGrants[msg.sender][id][token] = TokenGrant(grant.epoch, limit, limit);
        }
        _sessions[msg.sender][id] = grant;
        emit SessionAuthorized(msg.sender, id, token, session.qx, session.qy, limit, expiry);
    }

    /// @dev Takes `amount` from what the session may draw; fails where it no longer speaks for the payer.
    function _draw(address payer, bytes32 id, address token, uint96 amount) internal {
        SessionGrant storage stored = _sessions[payer][id];
        SessionGrant memory grant = stored;
        if (block.timestamp >= grant.expiry) {
            revert SliceChannels_SessionExpired(id, grant.expiry, block.timestamp);
        }

        if (token == Tokens.NATIVE) {
            stored.remaining = _less(id, grant.remaining, amount);
            return;
        }
        TokenGrant storage inToken = _tokenGrants[payer][id][token];
        inToken.remaining = _less(id, inToken.epoch == grant.epoch ? inToken.remaining : 0, amount);
    }

    /// @dev Gives back what a channel did not use, up to the limit, while the grant stands.
    function _restore(address payer, bytes32 id, address token, uint96 amount) internal {
        SessionGrant storage stored = _sessions[payer][id];
        SessionGrant memory grant = stored;
        if (block.timestamp >= grant.expiry) return;

        if (token == Tokens.NATIVE) {
            stored.remaining = _more(grant.remaining, grant.limit, amount);
            return;
        }
        TokenGrant storage inToken = _tokenGrants[payer][id][token];
        if (inToken.epoch != grant.epoch) return;
        inToken.remaining = _more(inToken.remaining, inToken.limit, amount);
    }

    /// @param channelId What the digest is about, for the error alone: one of a batch must be told from the others.
    function _verify(
        bytes32 channelId,
        Session calldata session,
        bytes32 digest,
        Signature calldata signature
    ) internal view {
        if (!SessionSignature.isValid(session, digest, signature)) {
            revert SliceChannels_SignatureInvalid(channelId, _sessionId(session));
        }
    }

    function _sessionId(Session calldata session) internal pure returns (bytes32) {
        return SessionSignature.idOf(session);
    }

    /// @dev Wraps after 2^24 grants of one session have ended, each by its own wallet's transaction; a revocation must never fail.
    function _nextEpoch(uint24 epoch) private pure returns (uint24) {
        unchecked {
            return epoch + 1;
        }
    }

    function _less(bytes32 id, uint96 remaining, uint96 amount) private pure returns (uint96) {
        if (amount > remaining) revert SliceChannels_InsufficientAllowance(id, amount, remaining);
        return remaining - amount;
    }

    function _more(uint96 remaining, uint96 limit, uint96 amount) private pure returns (uint96) {
        return amount < limit - remaining ? remaining + amount : limit;
    }
}
