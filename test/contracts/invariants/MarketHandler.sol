// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ContentKeys} from "../../../contracts/ContentKeys.sol";
import {IContentKeys} from "../../../contracts/interfaces/IContentKeys.sol";
import {IKeyMarket} from "../../../contracts/interfaces/IKeyMarket.sol";
import {IMetaHashRegistry} from "../../../contracts/interfaces/IMetaHashRegistry.sol";
import {KeyMarket} from "../../../contracts/KeyMarket.sol";
import {MetaHashRegistry} from "../../../contracts/MetaHashRegistry.sol";
import {TestToken} from "../mocks/TestToken.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice Three holders who resell two editions to each other, in two tokens; the handler is the creator.
contract MarketHandler {
    ContentKeys public immutable KEYS;
    KeyMarket public immutable MARKET;
    address[3] public accounts = [address(0xA1), address(0xA2), address(0xA3)];
    address[2] public tokens;
    uint256[2] public editions;
    uint256 public constant SUPPLY = 9;

    mapping(address token => uint256 amount) public paid;
    mapping(address token => uint256 amount) public withdrawn;
    /// @notice Whether a sale credited something else than its price, or sold beyond its listing or for another price.
    bool public miscredited;
    bool public oversold;

    constructor() {
        MetaHashRegistry registry = new MetaHashRegistry();
        KEYS = new ContentKeys(registry);
        MARKET = new KeyMarket(KEYS);
        TestToken token = new TestToken();
        tokens = [address(0), address(token)];
        bytes32 contentId = registry.publish(
            0,
            bytes32(uint256(1)),
            bytes32(uint256(1)),
            100,
            IMetaHashRegistry.Kind.File
        );
        editions[0] = _sell(contentId, 0, 5_000);
        editions[1] = _sell(contentId, bytes32(uint256(1)), 333);
        for (uint256 i = 0; i < accounts.length; ++i) {
            VM.deal(accounts[i], type(uint128).max);
            token.mint(accounts[i], type(uint128).max);
            VM.prank(accounts[i]);
            token.approve(address(MARKET), type(uint256).max);
            VM.prank(accounts[i]);
            KEYS.setApprovalForAll(address(MARKET), true);
        }
    }

    receive() external payable {}

    function list(uint256 which, uint256 who, uint64 quantity, uint96 price, bool inToken, uint16 span) external {
        VM.prank(accounts[who % 3]);
        try
            MARKET.list(
                editions[which % 2],
                uint64(clamp(quantity, 1, SUPPLY)),
                uint96(clamp(price, 1, type(uint80).max)),
                tokens[inToken ? 1 : 0],
                uint64(block.timestamp + clamp(span, 1, 1 hours))
            )
        {} catch {}
    }

    function cancel(uint256 which, uint256 who) external {
        VM.prank(accounts[who % 3]);
        try MARKET.cancel(editions[which % 2]) {} catch {}
    }

    /// @dev Buys of whoever has a listing, the first from `from` on, and often more than is there.
    function buy(uint256 which, uint256 from, uint256 who, uint8 quantity, uint32 excess) external {
        uint256 editionId = editions[which % 2];
        for (uint256 i = 0; i < 3; ++i) {
            address seller = accounts[((from % 3) + i) % 3];
            (IKeyMarket.Listing memory listing, uint256 available) = MARKET.listingOf(editionId, seller);
            if (listing.quantity == 0) continue;
            return _buy(editionId, seller, accounts[who % 3], clamp(quantity, 1, available + 2), listing, excess);
        }
    }

    function transfer(uint256 which, uint256 who, uint256 whom) external {
        VM.prank(accounts[who % 3]);
        try KEYS.safeTransferFrom(accounts[who % 3], accounts[whom % 3], editions[which % 2], 1, "") {} catch {}
    }

    function approve(uint256 who, uint8 luck) external {
        VM.prank(accounts[who % 3]);
        KEYS.setApprovalForAll(address(MARKET), luck % 4 != 0);
    }

    function wait(uint16 time) external {
        VM.warp(block.timestamp + (time % 20 minutes));
    }

    function withdraw(uint256 who, bool inToken) external {
        address token = tokens[inToken ? 1 : 0];
        if (who % 4 != 3) VM.prank(accounts[who % 4]);
        try MARKET.withdraw(token) returns (uint256 amount) {
            withdrawn[token] += amount;
        } catch {}
    }

    /// @notice Everything that is credited in a token.
    function credits(address token) public view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; ++i) sum += MARKET.creditOf(accounts[i], token);
        sum += MARKET.creditOf(address(this), token);
    }

    function held(address token) external view returns (uint256) {
        return token == address(0) ? address(MARKET).balance : IERC20(token).balanceOf(address(MARKET));
    }

    function _buy(
        uint256 editionId,
        address seller,
        address buyer,
        uint256 quantity,
        IKeyMarket.Listing memory listing,
        uint256 excess
    ) private {
        address token = listing.token;
        uint256 cost = listing.unitPrice * quantity;
        uint256 before = credits(token);
        uint256 royalty = MARKET.creditOf(address(this), token);
        uint256 balance = KEYS.balanceOf(seller, editionId);
        VM.prank(buyer);
        try
            MARKET.buy{value: token == address(0) ? cost + excess : 0}(
                editionId,
                seller,
                quantity,
                buyer,
                token,
                listing.unitPrice,
                1
            )
        returns (uint256 price) {
            paid[token] += price;
            (, uint256 due) = KEYS.royaltyInfo(editionId, price);
            if (credits(token) - before != price) miscredited = true;
            if (MARKET.creditOf(address(this), token) - royalty != due) miscredited = true;
            (IKeyMarket.Listing memory left, ) = MARKET.listingOf(editionId, seller);
            bool late = block.timestamp >= listing.expiry;
            if (price != cost || quantity > balance || late) oversold = true;
            if (left.quantity != listing.quantity - quantity) oversold = true;
        } catch {}
    }

    function _sell(bytes32 contentId, bytes32 salt, uint16 royaltyBps) private returns (uint256 editionId) {
        IContentKeys.Terms memory terms;
        terms.lastSlice = 99;
        terms.royaltyBps = royaltyBps;
        terms.transferable = true;
        editionId = KEYS.createEdition(contentId, salt, terms, 1, bytes32(uint256(1)));
        for (uint256 i = 0; i < 3; ++i) KEYS.buy(editionId, SUPPLY / 3, accounts[i], address(0), 0, 1);
    }
}
