"""The merchants of the demo: forty, and one that is erased. Their names, countries and fates are invented."""

from dataclasses import dataclass

# The days from the first merchant until now.
DAYS = 42
# The platform's fees.
FEES = "USD 2.9% + 0.30, EUR 2.5% + 0.25, GBP 2.4% + 0.20, * 3%"


@dataclass(frozen=True)
class Shop:
    """A merchant of the demo.

    `ends` is its final status, and `begins` is the day on which the platform creates or adopts it. `weekly`
    is the number of payments in a week. `service` names the state that its subscription to the platform
    reaches. `troubles` names the payments that end in a dispute, a fraud warning, a refund or a decline. If
    `is_adopted`, the shop already had an account at Stripe, which is in earlier-accounts.json. If
    `payout_fails`, a bank refuses one of the shop's first payouts.
    """

    name: str
    id: str
    country: str
    trade: str
    ends: str = "ACTIVE"
    begins: int = 0
    weekly: int = 1
    service: str | None = None
    troubles: tuple[str, ...] = ()
    is_adopted: bool = False
    payout_fails: bool = False

    @property
    def currency(self) -> str:
        return CURRENCIES[self.country]

    @property
    def email(self) -> str:
        return f"hello@{self.id}.example"


# The currency of each country.
_EURO = "AT BE DE ES FI FR GR IE IT NL PT"
_OTHERS = (
    "AE AED, AU AUD, CA CAD, CH CHF, CZ CZK, DK DKK, GB GBP, HK HKD, JP JPY, MX MXN, NO NOK, NZ NZD, PL PLN, "
    "SE SEK, SG SGD, US USD, ZA ZAR"
)
CURRENCIES = dict.fromkeys(_EURO.split(), "EUR") | dict(pair.split() for pair in _OTHERS.split(", "))
# The price of something that costs one dollar. Only currencies in which this price is far from 1 are listed.
_LEVELS = "AED 4, CZK 22, DKK 7, HKD 8, JPY 150, MXN 18, NOK 10, PLN 4, SEK 10, ZAR 18"
LEVELS = {name: int(level) for name, level in (pair.split() for pair in _LEVELS.split(", "))}
WITHOUT_CENTS = {"JPY"}

# The goods and services that each trade sells, with prices in dollars.
TRADES: dict[str, tuple[tuple[str, float], ...]] = {
    "bakery": (("Sourdough loaf", 6.5), ("Birthday cake", 48), ("Breakfast box for two", 27.5)),
    "bikes": (("Full service", 89), ("New chain", 34.9), ("Bike rental, one day", 29), ("City bike", 649)),
    "books": (("Reading club, one month", 18), ("Three novels", 42.5), ("Gift card", 50)),
    "ceramics": (("Set of four mugs", 74), ("Serving bowl", 58), ("Workshop for one", 95)),
    "coffee": (("House blend, 1 kg", 24.9), ("Filter set", 39), ("Tasting for two", 56)),
    "events": (("Two tickets", 68), ("Group ticket", 240)),
    "flowers": (("Seasonal bouquet", 45), ("Wedding deposit", 320), ("Weekly flowers", 65)),
    "food": (("Lunch for two", 38), ("Dinner for four", 142), ("Hamper", 79)),
    "gadgets": (("Wireless earbuds", 119), ("Charging stand", 42), ("Smart lamp", 89.5)),
    "home": (("Table lamp", 129), ("Wool blanket", 98), ("Pair of candles", 26), ("Floor lamp", 289)),
    "lessons": (("Single lesson", 55), ("Course of ten lessons", 480), ("Trial lesson", 25)),
    "outdoor": (("Day tour", 110), ("Rain jacket", 189), ("Rental set, one week", 240)),
    "paper": (("Notebook, three pieces", 28), ("Fountain pen", 86), ("Printed invitations", 155)),
    "pets": (("Dog food, 12 kg", 54), ("Cat tree", 98), ("Grooming", 62)),
    "wellness": (("Ten classes", 160), ("Massage, one hour", 85), ("Monthly pass", 99)),
}

SHOPS = (
    Shop(
        "Harbour Street Coffee",
        "harbour-street-coffee",
        "GB",
        "coffee",
        weekly=3,
        service="active",
        troubles=("refund", "won", "partial"),
    ),
    Shop(
        "Juniper Yoga",
        "juniper-yoga",
        "US",
        "wellness",
        begins=1,
        weekly=2,
        service="active",
        troubles=("refund", "needs_response"),
    ),
    Shop(
        "Café Étoile",
        "cafe-etoile",
        "FR",
        "bakery",
        begins=1,
        weekly=3,
        service="active",
        troubles=("partial", "declined"),
    ),
    Shop(
        "Bäckerei Müller & Söhne",
        "baeckerei-mueller",
        "DE",
        "bakery",
        begins=2,
        weekly=2,
        service="active",
        troubles=("inquiry",),
    ),
    Shop(
        "Copper Kettle Ceramics",
        "copper-kettle-ceramics",
        "US",
        "ceramics",
        begins=3,
        weekly=1,
        service="overdue",
        troubles=("lost", "declined", "fraud"),
    ),
    Shop(
        "Trattoria Bellini",
        "trattoria-bellini",
        "IT",
        "food",
        begins=4,
        weekly=2,
        service="active",
        troubles=("refund",),
    ),
    Shop(
        "Sakura Stationery",
        "sakura-stationery",
        "JP",
        "paper",
        begins=5,
        weekly=2,
        service="active",
        troubles=("refund_fails",),
    ),
    Shop("Fjord Outdoor", "fjord-outdoor", "NO", "outdoor", begins=6, weekly=1, troubles=("under_review",)),
    Shop(
        "Maple & Birch",
        "maple-and-birch",
        "CA",
        "home",
        begins=8,
        weekly=1,
        service="active",
        troubles=("partial", "not_received"),
        payout_fails=True,
    ),
    Shop(
        "Bondi Surf School",
        "bondi-surf-school",
        "AU",
        "lessons",
        begins=9,
        weekly=1,
        service="trialing",
        troubles=("declined",),
    ),
    Shop(
        "Casa Azul Textiles",
        "casa-azul-textiles",
        "MX",
        "home",
        begins=12,
        weekly=1,
        troubles=("refund",),
        is_adopted=True,
    ),
    Shop(
        "De Fietsenmaker",
        "de-fietsenmaker",
        "NL",
        "bikes",
        begins=15,
        weekly=1,
        service="active",
        is_adopted=True,
    ),
    Shop(
        "Kiwi Blooms",
        "kiwi-blooms",
        "NZ",
        "flowers",
        begins=20,
        weekly=1,
        service="canceled",
        is_adopted=True,
    ),
    Shop(
        "Lion City Prints",
        "lion-city-prints",
        "SG",
        "paper",
        begins=27,
        weekly=1,
        service="trialing",
        troubles=("needs_response",),
    ),
    Shop(
        "Alpine Ski Rental",
        "alpine-ski-rental",
        "CH",
        "outdoor",
        "ACTIVE_DUE_SOON",
        begins=4,
        weekly=1,
        service="active",
    ),
    Shop(
        "Northern Lights Candles",
        "northern-lights-candles",
        "SE",
        "home",
        "ACTIVE_DUE_SOON",
        begins=10,
        weekly=1,
    ),
    Shop(
        "Olive Grove Deli",
        "olive-grove-deli",
        "GR",
        "food",
        "ACTIVE_DUE_SOON",
        begins=13,
        weekly=1,
        service="active",
        troubles=("inquiry",),
    ),
    Shop("Willow Lane Books", "willow-lane-books", "IE", "books", "ONBOARDING", begins=40),
    Shop("Pierogi Corner", "pierogi-corner", "PL", "food", "ONBOARDING", begins=34),
    Shop("Azulejos do Tejo", "azulejos-do-tejo", "PT", "ceramics", "ONBOARDING", begins=29),
    Shop("Cedar Pet Supplies", "cedar-pet-supplies", "US", "pets", "ONBOARDING", begins=39),
    Shop("Silver Fern Fitness", "silver-fern-fitness", "NZ", "wellness", "ONBOARDING", begins=41),
    Shop("Musikschule am Hafen", "musikschule-am-hafen", "DE", "lessons", "ACTION_REQUIRED", begins=36),
    Shop("Brooklyn Bike Repair", "brooklyn-bike-repair", "US", "bikes", "ACTION_REQUIRED", begins=31),
    Shop("Pražské Loutky", "prazske-loutky", "CZ", "events", "PENDING_REVIEW", begins=40),
    Shop("Atelier Nova", "atelier-nova", "BE", "paper", "PENDING_REVIEW", begins=38),
    Shop("Tapas y Más", "tapas-y-mas", "ES", "food", "PENDING_REVIEW", begins=22),
    Shop("Cape Vintage", "cape-vintage", "ZA", "home", "PAYOUTS_BLOCKED", begins=7, weekly=1),
    Shop(
        "Københavns Lamper",
        "koebenhavns-lamper",
        "DK",
        "home",
        "PAYOUTS_BLOCKED",
        begins=11,
        weekly=1,
        service="active",
        troubles=("refund",),
    ),
    Shop(
        "Rosewood Barbers",
        "rosewood-barbers",
        "GB",
        "wellness",
        "RESTRICTED",
        begins=5,
        weekly=1,
        service="overdue",
        troubles=("lost",),
    ),
    Shop("Helsinki Sauna", "helsinki-sauna", "FI", "wellness", "RESTRICTED", begins=9, weekly=1),
    Shop(
        "Golden Gate Gadgets",
        "golden-gate-gadgets",
        "US",
        "gadgets",
        "RESTRICTED_BY_STRIPE",
        begins=18,
        weekly=1,
        troubles=("under_review", "fraud"),
    ),
    Shop(
        "Lucky Star Tickets",
        "lucky-star-tickets",
        "US",
        "events",
        "REJECTED",
        begins=24,
        weekly=1,
        troubles=("lost",),
    ),
    Shop("Grünes Blatt", "gruenes-blatt", "AT", "wellness", "UNSUPPORTED", begins=33),
    Shop("Heritage Craft Guild", "heritage-craft-guild", "GB", "lessons", "NOT_REQUESTED", begins=14),
    Shop("Riviera Charters", "riviera-charters", "FR", "outdoor", "DISCONNECTED", begins=6, weekly=1),
    Shop(
        "Meadow Farm Box", "meadow-farm-box", "GB", "food", "CLOSED", begins=3, weekly=1, service="canceled"
    ),
    Shop("Jade Garden Tea", "jade-garden-tea", "HK", "coffee", "CLOSED", begins=16, weekly=1),
    Shop("Lantern Press", "lantern-press", "IE", "paper", "ERASED", begins=2, weekly=1),
    Shop("Orchard Lane Toys", "orchard-lane-toys", "GB", "home", "CREATING", begins=41),
    Shop("Desert Bloom Spa", "desert-bloom-spa", "AE", "wellness", "UNKNOWN", begins=41),
)
