"""The people of the demo. The platform and the merchants call the API; customers and banks act at Stripe."""

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import httpx

from local.demo import faults, operations
from local.demo.history import Json, Moment
from local.demo.world import Shop
from local.settings import SIMULATOR_KEY

# A statement of a merchant about a disputed payment.
EVIDENCE = (
    "The customer ordered on our website and confirmed the address by e-mail. We have attached the tracking "
    "number of the delivery, which was signed for, and the customer's message of thanks."
)
# The scenario file with the accounts of the shops that are adopted.
EARLIER = Path(__file__).with_name("earlier-accounts.json")
FORM = {"expiry": "12/34", "cvc": "123", "method": "card"}


class Failed(Exception):
    """The demo got an answer that its history does not expect."""


class People:
    """Everybody who acts in the demo. `act` performs the act of one moment.

    `tokens` are the tokens of the platform's backend and staff. `token_of` returns a merchant's token.
    """

    def __init__(
        self,
        api: httpx.AsyncClient,
        stripe: httpx.AsyncClient,
        tokens: Mapping[str, str],
        token_of: Callable[[str], str],
        home: str,
    ) -> None:
        self._api, self._stripe, self._tokens, self._token_of = api, stripe, tokens, token_of
        self._home = home
        self.accounts: dict[str, str] = {}
        self._earlier: dict[str, str] = {}

    async def act(self, moment: Moment) -> None:
        acts: dict[str, Callable[[Shop, Json], Awaitable[object]]] = {
            "adopt": self._adopt,
            "answer": self._answer,
            "bank": self._bank,
            "close": self._close,
            "create": self._create,
            "decide": self._decide,
            "dismiss": self._dismiss,
            "erase": self._erase,
            "give_up": self._give_up,
            "refund": self._refund,
            "scenario": self._play,
            "schedule": self._schedule,
            "sell": self._sell,
            "service": self._service,
            "subscribe": self._subscribe,
            "visit": self._visit,
        }
        await acts[moment.act](moment.shop, moment.order)

    async def delivered(self) -> bool:
        """Whether Stripe has delivered all notifications."""
        return not (await self.control("deliveries/counts"))["statuses"].get("pending", 0)

    async def open_earlier_accounts(self) -> None:
        """Open the accounts that the platform had at Stripe before the history, from a scenario file."""
        order = json.loads(EARLIER.read_text(encoding="utf-8"))
        made = (await self.control("platforms", order))["accounts"]
        self._earlier = dict(zip([one["name"] for one in order["merchants"]], made, strict=True))

    # --- the platform and its merchants ------------------------------------------------------

    async def _adopt(self, shop: Shop, _: Json) -> None:
        account = self._earlier[shop.name]
        values = {"externalId": shop.id, "stripeAccountId": account}
        await self._mutate(operations.ADOPT, values, self._tokens["staff"])
        self.accounts[shop.id] = account

    async def _create(self, shop: Shop, _: Json) -> None:
        for fault in faults.of(shop):
            await self.control("faults", fault)
        if shop.ends == "UNKNOWN":
            await self.control("accounts", faults.account(shop))
        values = {
            "externalId": shop.id,
            "displayName": shop.name,
            "contactEmail": shop.email,
            "country": shop.country,
            "businessUrl": f"https://{shop.id}.example/",
        }
        answer = await self._mutate(operations.CREATE, values, self._tokens["backend"], lenient=True)
        account = answer["merchant"]["account"]
        if account is not None:
            self.accounts[shop.id] = account["stripeAccountId"]

    async def _visit(self, shop: Shop, order: Json) -> None:
        """Open Stripe's form from the app, fill it in or leave it, and come back."""
        values = {"merchant": {"externalId": shop.id}, "returnTo": f"{self._home}/portal/"}
        link = await self._mutate(operations.ONBOARD, values, self._token_of(shop.id))
        form = (await self._stripe.get(link["url"])).headers["location"]
        if order["scenario"] is not None:
            await self._play(shop, order)
        session = form.split("/")[2]
        back = await self._stripe.get(f"/onboarding/{session}/leave")
        await self._api.get(back.headers["location"])

    async def _close(self, shop: Shop, _: Json) -> None:
        await self._mutate(operations.CLOSE, {"merchant": {"externalId": shop.id}}, self._tokens["staff"])

    async def _dismiss(self, _: Shop, order: Json) -> None:
        await self._mutate(operations.DISMISS, order, self._tokens["staff"])

    async def _erase(self, shop: Shop, _: Json) -> None:
        values = {"merchant": {"externalId": shop.id}, "confirmExternalId": shop.id}
        await self._mutate(operations.ERASE, values, self._tokens["staff"])

    async def _give_up(self, shop: Shop, _: Json) -> None:
        values = {"merchant": {"externalId": shop.id}, "giveUpCapabilities": ["card_payments"]}
        await self._mutate(operations.UPDATE, values, self._tokens["staff"])

    async def _subscribe(self, shop: Shop, order: Json) -> None:
        home = f"{self._home}/portal/"
        values = {"merchant": {"externalId": shop.id}, "successUrl": home, "cancelUrl": home}
        values |= {"trialDays": order["trial"]} if order["trial"] else {}
        # Only the platform may give a trial.
        token = self._tokens["backend"] if order["trial"] else self._token_of(shop.id)
        page = await self._mutate(operations.SUBSCRIBE, values, token)
        await self._pay(page["url"], {"number": "4242424242424242", "email": shop.email, "name": shop.name})

    async def _refund(self, shop: Shop, order: Json) -> None:
        payment = await self._payment(shop, order)
        amount = int(int(payment["amount"]["minorUnits"]) * order["share"])
        values = {
            "payment": {"id": payment["id"]},
            "externalId": f"refund-{order['order']}",
            "reason": "REQUESTED_BY_CUSTOMER",
            "amount": {"minorUnits": str(amount), "currency": shop.currency},
        }
        await self._mutate(operations.REFUND, values, self._tokens["staff"])

    async def _answer(self, shop: Shop, order: Json) -> None:
        dispute = await self._dispute(shop, order)
        values = {
            "dispute": {"id": dispute["id"]},
            "expectedVersion": dispute["evidence"]["version"],
            "evidence": [{"field": "UNCATEGORIZED_TEXT", "text": EVIDENCE}],
            "submit": True,
        }
        await self._mutate(operations.ANSWER, values, self._tokens["staff"])

    # --- customers, banks and Stripe ---------------------------------------------------------

    async def _sell(self, shop: Shop, order: Json) -> None:
        lines = [
            {
                "name": line["name"],
                "quantity": line["quantity"],
                "unitAmount": {"minorUnits": str(line["amount"]), "currency": shop.currency},
            }
            for line in order["lines"]
        ]
        values = {
            "merchant": {"externalId": shop.id},
            "externalId": order["order"],
            "lines": lines,
            "successUrl": f"{self._home}/portal/",
            "cancelUrl": f"{self._home}/portal/",
        }
        page = await self._mutate(operations.CHECKOUT, values, self._tokens["backend"])
        email = order["payer"].lower().replace(" ", ".")
        payer = {"number": order["card"], "name": order["payer"], "email": f"{email}@mail.example"}
        await self._pay(page["url"], {**payer, "country": shop.country})

    async def _pay(self, url: str, form: Json) -> None:
        answer = await self._stripe.post(url, data={**FORM, "country": "US", **form})
        if answer.status_code not in {303, 422}:
            raise Failed(f"{url}: {answer.status_code} {answer.text}")

    async def _play(self, shop: Shop, order: Json) -> None:
        await self.control(f"accounts/{self.accounts[shop.id]}", order)

    async def _schedule(self, shop: Shop, order: Json) -> None:
        days = {"weekly_payout_days": ["monday"]} if order["interval"] == "weekly" else {}
        await self._balance(shop, {"scenario": "reschedule", **order, **days})

    async def _bank(self, shop: Shop, order: Json) -> None:
        await self._balance(shop, {"scenario": "replace_bank", **order})

    async def _balance(self, shop: Shop, order: Json) -> None:
        await self.control(f"balances/{self.accounts[shop.id]}", order)

    async def _decide(self, shop: Shop, order: Json) -> None:
        dispute = await self._dispute(shop, order)
        await self.control(f"payments/{dispute['stripeDisputeId']}", {"scenario": order["scenario"]})

    async def _service(self, shop: Shop, order: Json) -> None:
        found = await self._stripe.get(
            "/v1/subscriptions",
            params={"customer_account": self.accounts[shop.id]},
            headers={"Authorization": f"Bearer {SIMULATOR_KEY}"},
        )
        (subscription,) = found.raise_for_status().json()["data"]
        await self.control(f"subscriptions/{subscription['id']}", order)

    # --- calls -------------------------------------------------------------------------------

    async def _payment(self, shop: Shop, order: Json) -> Json:
        ref = {"order": {"merchant": {"externalId": shop.id}, "externalId": order["order"]}}
        data = await self._ask(operations.PAYMENT, {"by": ref}, self._tokens["staff"])
        payment: Json = data["payment"]
        return payment

    async def _dispute(self, shop: Shop, order: Json) -> Json:
        (dispute,) = (await self._payment(shop, order))["disputes"]
        found: Json = dispute
        return found

    async def control(self, path: str, order: Json | None = None) -> Json:
        """Call the local Stripe's control plane: POST the order, or send a GET if there is no order."""
        verb = "GET" if order is None else "POST"
        answer = await self._stripe.request(verb, f"/simulator/{path}", json=order)
        if answer.is_error:
            raise Failed(f"{path} {order}: {answer.text}")
        result: Json = answer.json()
        return result

    async def _mutate(self, text: str, values: Json, token: str, *, lenient: bool = False) -> Json:
        """Return the payload of a mutation. If `lenient`, a StripeUnavailableError is also accepted."""
        (result,) = (await self._ask(text, {"input": values}, token)).values()
        kind = result["__typename"]
        if not kind.endswith("Payload") and not (lenient and kind == "StripeUnavailableError"):
            raise Failed(f"{values}: {result}")
        payload: Json = result
        return payload

    async def _ask(self, text: str, variables: Json, token: str) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self._api.post(
            "/graphql", json={"query": text, "variables": variables}, headers=headers
        )
        body = answer.json()
        if answer.is_error or body.get("errors"):
            raise Failed(f"{variables}: {body}")
        data: Json = body["data"]
        return data
