// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContentKeys} from "../../../contracts/ContentKeys.sol";
import {IContentKeys} from "../../../contracts/interfaces/IContentKeys.sol";
import {IMetaHashRegistry} from "../../../contracts/interfaces/IMetaHashRegistry.sol";
import {MetaHashRegistry} from "../../../contracts/MetaHashRegistry.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice One content, and editions of it with any terms that are allowed.
contract KeysHandler {
    ContentKeys public immutable KEYS;
    bytes32 public immutable CONTENT_ID;
    address[3] public accounts = [address(0xA1), address(0xA2), address(0xA3)];

    uint256[] private _editions;
    mapping(uint256 editionId => uint64 quantity) private _maximum;
    bool public rose;
    mapping(uint256 editionId => uint256 quantity) public bought;
    mapping(uint256 editionId => mapping(uint32 epoch => bytes32 lockboxHash)) public dealt;
    uint256 public paid;
    uint256 public withdrawn;

    constructor() {
        MetaHashRegistry registry = new MetaHashRegistry();
        KEYS = new ContentKeys(registry);
        CONTENT_ID = registry.publish(0, bytes32(uint256(1)), bytes32(uint256(1)), 100, IMetaHashRegistry.Kind.File);
        for (uint256 i = 0; i < accounts.length; ++i) VM.deal(accounts[i], type(uint128).max);
    }

    function create(uint96 price, uint64 maxSupply, uint16 referral, uint16 split, bool timed) external {
        if (_editions.length == 64) return;
        IContentKeys.Terms memory terms;
        terms.price = uint96(clamp(price, 0, type(uint80).max));
        terms.maxSupply = uint64(clamp(maxSupply, 0, 20));
        terms.lastSlice = 99;
        terms.referralBps = uint16(clamp(referral, 0, 5_000));
        terms.duration = timed ? 1 days : 0;
        terms.transferable = !timed;
        terms.payouts = new IContentKeys.Payout[](2);
        uint16 first = uint16(clamp(split, 0, 10_000));
        terms.payouts[0] = IContentKeys.Payout(accounts[0], first);
        terms.payouts[1] = IContentKeys.Payout(accounts[1], 10_000 - first);
        bytes32 salt = bytes32(_editions.length);
        uint256 editionId = KEYS.createEdition(CONTENT_ID, salt, terms, 1, bytes32(uint256(1)));
        _editions.push(editionId);
        _maximum[editionId] = terms.maxSupply;
        dealt[editionId][1] = bytes32(uint256(1));
    }

    function update(uint256 which, uint96 price, uint64 maxSupply) external {
        if (_editions.length == 0) return;
        uint256 editionId = _editions[which % _editions.length];
        uint64 maximum = uint64(clamp(maxSupply, 0, 25));
        try KEYS.updateEdition(editionId, uint96(clamp(price, 0, type(uint80).max)), maximum) {
            uint64 before = _maximum[editionId];
            if (before != 0 && (maximum == 0 || maximum > before)) rose = true;
            _maximum[editionId] = maximum;
        } catch {}
    }

    function deal(uint256 which, uint32 epoch, bytes32 lockboxHash) external {
        if (_editions.length == 0) return;
        uint256 editionId = _editions[which % _editions.length];
        uint32 offered = uint32(clamp(epoch, 0, 8));
        try KEYS.setLockbox(editionId, offered, lockboxHash) {
            dealt[editionId][offered] = lockboxHash;
        } catch {}
    }

    function buy(uint256 which, uint8 quantity, uint256 who, uint256 whom, bool referred) external {
        if (_editions.length == 0) return;
        uint256 editionId = _editions[which % _editions.length];
        address recipient = accounts[whom % 2];
        uint256 cost = KEYS.editionOf(editionId).terms.price * uint256(quantity);
        uint32 epoch = KEYS.epochOf(editionId);
        VM.prank(accounts[who % 2]);
        try
            KEYS.buy{value: cost}(
                editionId,
                quantity,
                recipient,
                referred ? accounts[2] : address(0),
                type(uint256).max,
                epoch
            )
        returns (uint256 price) {
            paid += price;
            bought[editionId] += quantity;
        } catch {}
    }

    function transfer(uint256 which, uint256 who, uint256 whom) external {
        if (_editions.length == 0) return;
        VM.prank(accounts[who % 3]);
        try
            KEYS.safeTransferFrom(accounts[who % 3], accounts[whom % 3], _editions[which % _editions.length], 1, "")
        {} catch {}
    }

    function withdraw(uint256 who) external {
        VM.prank(accounts[who % 3]);
        try KEYS.withdraw(address(0)) returns (uint256 amount) {
            withdrawn += amount;
        } catch {}
    }

    function editionCount() external view returns (uint256) {
        return _editions.length;
    }

    function editionAt(uint256 index) external view returns (uint256) {
        return _editions[index];
    }
}

/// @notice The statements of README.md, after any sequence of the handler's calls.
contract ContentKeysInvariants {
    KeysHandler private _handler;
    ContentKeys private _keys;

    function setUp() external {
        _handler = new KeysHandler();
        _keys = _handler.KEYS();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_Supply() external view {
        for (uint256 i = 0; i < _handler.editionCount(); ++i) {
            uint256 editionId = _handler.editionAt(i);
            IContentKeys.Edition memory edition = _keys.editionOf(editionId);
            require(edition.sold == _handler.bought(editionId), "sold is not bought");
            require(edition.terms.maxSupply == 0 || edition.sold <= edition.terms.maxSupply, "too many sold");
            uint256 balances;
            for (uint256 j = 0; j < 3; ++j) balances += _keys.balanceOf(_handler.accounts(j), editionId);
            require(balances == (edition.terms.duration == 0 ? edition.sold : 0), "keys are not what was sold");
        }
    }

    function invariant_MaximumOnlyFalls() external view {
        require(!_handler.rose(), "a maximum rose");
    }

    function invariant_LockboxesStay() external view {
        for (uint256 i = 0; i < _handler.editionCount(); ++i) {
            uint256 editionId = _handler.editionAt(i);
            for (uint32 epoch = 1; epoch <= 8; ++epoch) {
                bytes32 dealt = _handler.dealt(editionId, epoch);
                if (dealt == bytes32(0)) continue;
                require(_keys.lockboxOf(editionId, epoch) == dealt, "a lockbox is gone");
                require(epoch <= _keys.epochOf(editionId), "an epoch went back");
            }
        }
    }

    function invariant_CreditsMatchPayments() external view {
        uint256 credits;
        for (uint256 j = 0; j < 3; ++j) credits += _keys.creditOf(_handler.accounts(j), address(0));
        require(credits + _handler.withdrawn() == _handler.paid(), "credits do not match payments");
        require(address(_keys).balance == credits, "credits are not backed");
    }
}

/// @notice Statements about one sale, for any terms.
contract ContentKeysFuzz {
    function testFuzz_SplitsSumToPrice(uint96 price, uint16 referral, uint16[15] calldata shares) external {
        MetaHashRegistry registry = new MetaHashRegistry();
        ContentKeys keys = new ContentKeys(registry);
        bytes32 contentId = registry.publish(
            0,
            bytes32(uint256(1)),
            bytes32(uint256(1)),
            1,
            IMetaHashRegistry.Kind.File
        );
        IContentKeys.Terms memory terms;
        terms.price = price;
        terms.referralBps = uint16(clamp(referral, 0, 5_000));
        terms.payouts = _payouts(shares);
        uint256 editionId = keys.createEdition(contentId, 0, terms, 1, bytes32(uint256(1)));

        address referrer = address(0xEF);
        VM.deal(address(this), price);
        keys.buy{value: price}(editionId, 1, address(0xB0), referrer, price, 1);

        uint256 sum = keys.creditOf(referrer, address(0));
        require(sum == (uint256(price) * terms.referralBps) / 10_000, "the referrer got something else");
        for (uint256 i = 0; i < 16; ++i) sum += keys.creditOf(terms.payouts[i].to, address(0));
        require(sum == price, "the parts are not the price");
    }

    function _payouts(uint16[15] calldata shares) private pure returns (IContentKeys.Payout[] memory payouts) {
        payouts = new IContentKeys.Payout[](16);
        uint16 rest = 10_000;
        for (uint160 i = 0; i < 15; ++i) {
            uint16 bps = uint16(clamp(shares[i], 0, rest));
            payouts[i] = IContentKeys.Payout(address(0xC0 + i), bps);
            rest -= bps;
        }
        payouts[15] = IContentKeys.Payout(address(0xCF), rest);
    }
}
