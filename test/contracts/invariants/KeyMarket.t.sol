// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContentKeys} from "../../../contracts/interfaces/IContentKeys.sol";
import {KeyMarket} from "../../../contracts/KeyMarket.sol";
import {GreedyKeys} from "../mocks/GreedyKeys.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {VM, clamp} from "./Vm.sol";

/// @notice The statements of README.md, after any sequence of the handler's calls.
contract KeyMarketInvariants {
    MarketHandler private _handler;

    function setUp() external {
        _handler = new MarketHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_CreditsMatchPayments() external view {
        for (uint256 i = 0; i < 2; ++i) {
            address token = _handler.tokens(i);
            uint256 credits = _handler.credits(token);
            require(credits + _handler.withdrawn(token) == _handler.paid(token), "credits do not match payments");
            require(_handler.held(token) == credits, "credits are not backed");
        }
    }

    function invariant_PartsSumToPrice() external view {
        require(!_handler.miscredited(), "royalty and proceeds are not the price");
    }

    function invariant_SalesKeepToTheirListing() external view {
        require(!_handler.oversold(), "a sale passed its listing");
    }

    function invariant_KeysStayWithHolders() external view {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 editionId = _handler.editions(i);
            uint256 sum;
            for (uint256 j = 0; j < 3; ++j) sum += _handler.KEYS().balanceOf(_handler.accounts(j), editionId);
            require(sum == _handler.SUPPLY(), "keys were lost or made");
            require(_handler.KEYS().balanceOf(address(_handler.MARKET()), editionId) == 0, "the market holds keys");
        }
    }
}

/// @notice Statements about one resale, for any price, quantity and royalty.
contract KeyMarketFuzz {
    address private constant _CREATOR = address(0xC0);

    function testFuzz_RoyaltyAndProceedsSumToPrice(uint96 unitPrice, uint64 quantity, uint16 royalty) external {
        (KeyMarket market, uint256 price) = _offer(unitPrice, quantity, clamp(royalty, 0, 10_000));
        VM.deal(address(0xB0), price);
        VM.prank(address(0xB0));
        uint64 keys = uint64(clamp(quantity, 1, type(uint64).max));
        market.buy{value: price}(1, address(this), keys, address(0xB0), address(0), type(uint256).max, 1);

        uint256 due = (price * clamp(royalty, 0, 10_000)) / 10_000;
        require(market.creditOf(_CREATOR, address(0)) == due, "the creator got something else");
        require(market.creditOf(address(this), address(0)) == price - due, "the seller did not get the rest");
    }

    function testFuzz_RevertWhen_RoyaltyAbovePrice(uint96 unitPrice, uint64 quantity, uint16 above) external {
        (KeyMarket market, uint256 price) = _offer(unitPrice, quantity, 10_000 * (uint256(above) + 2));
        VM.deal(address(0xB0), price);
        VM.prank(address(0xB0));
        uint64 keys = uint64(clamp(quantity, 1, type(uint64).max));
        VM.expectRevert();
        market.buy{value: price}(1, address(this), keys, address(0xB0), address(0), type(uint256).max, 1);
    }

    /// @dev This contract offers keys of an edition with any royalty.
    function _offer(
        uint96 unitPrice,
        uint64 quantity,
        uint256 royaltyBps
    ) private returns (KeyMarket market, uint256 price) {
        GreedyKeys keys = new GreedyKeys(_CREATOR);
        keys.setRoyalty(royaltyBps);
        market = new KeyMarket(IContentKeys(address(keys)));
        uint96 each = uint96(clamp(unitPrice, 1, type(uint96).max));
        uint64 count = uint64(clamp(quantity, 1, type(uint64).max));
        market.list(1, count, each, address(0), uint64(block.timestamp + 1));
        price = uint256(each) * count;
    }
}
