// Calls of stripe-node about payments. `calls.ts` runs them.
import assert from "node:assert/strict";
import Stripe from "stripe";

type Call = (name: string, run: () => Promise<void>) => Promise<void>;
type Refused = (status: number, code: string | undefined, type: string, made: Promise<unknown>) => Promise<void>;
type Control = (path: string, body: object) => Promise<void>;

const INVALID = "StripeInvalidRequestError";
const ITEM = { quantity: 2, price_data: { currency: "usd", unit_amount: 1250, product_data: { name: "Hat" } } };

/** Pays on the connected account, with an active `card_payments` capability. */
export async function payments(
  stripe: Stripe,
  stripeAccount: string,
  { call, refused, control }: { call: Call; refused: Refused; control: Control },
): Promise<void> {
  const scope = { stripeAccount };
  const { paymentIntents, refunds, checkout, applicationFees, balance, balanceTransactions, charges } = stripe;
  const { customers, customerSessions, disputes, events, paymentMethodDomains } = stripe;
  const card: Stripe.PaymentIntentCreateParams = {
    amount: 1000,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  };
  let paid = "";

  await call("paymentIntents.create, paid by card", async () => {
    const made = await paymentIntents.create({ ...card, application_fee_amount: 123 }, scope);
    paid = made.id;
    assert.deepEqual([made.status, made.amount_received, made.application_fee_amount], ["succeeded", 1000, 123]);
    await control(`payments/${paid}`, { scenario: "book" });
  });
  await call("paymentIntents.retrieve, expand", async () => {
    const expand = ["latest_charge.balance_transaction", "latest_charge.application_fee"];
    const { latest_charge: charge } = await paymentIntents.retrieve(paid, { expand }, scope);
    assert.ok(charge !== null && typeof charge === "object");
    assert.ok(charge.balance_transaction !== null && typeof charge.balance_transaction === "object");
    assert.deepEqual([charge.balance_transaction.fee, charge.balance_transaction.net], [182, 818]);
  });
  await call("paymentIntents.create, declined", () =>
    refused(402, "card_declined", "StripeCardError", paymentIntents.create({ ...card, payment_method: "pm_card_chargeDeclined" }, scope)),
  );
  await call("paymentIntents.create, payment_method_types", () => {
    const body = { ...card, payment_method_types: ["card"] };
    return refused(400, "payment_method_types_no_longer_supported", INVALID, paymentIntents.create(body, scope));
  });
  await call("paymentIntents, update, capture and cancel", async () => {
    const made = await paymentIntents.create({ ...card, capture_method: "manual" }, scope);
    assert.deepEqual((await paymentIntents.update(made.id, { metadata: { a: "1" } }, scope)).metadata, { a: "1" });
    assert.equal((await paymentIntents.capture(made.id, { amount_to_capture: 600 }, scope)).amount_received, 600);
    await refused(400, "payment_intent_unexpected_state", INVALID, paymentIntents.cancel(made.id, {}, scope));
    const open = await paymentIntents.create({ amount: 1000, currency: "usd" }, scope);
    assert.equal((await paymentIntents.cancel(open.id, {}, scope)).status, "canceled");
  });
  await call("paymentIntents.list, pages", async () => {
    const ids = [];
    for await (const one of paymentIntents.list({ limit: 1 }, scope)) ids.push(one.id);
    assert.ok(ids.includes(paid) && ids.length >= 3);
  });
  await call("paymentIntents.retrieve, another scope", () =>
    refused(404, "resource_missing", INVALID, paymentIntents.retrieve(paid)),
  );
  await call("idempotency of v1", async () => {
    const options = { ...scope, idempotencyKey: "node-v1" };
    const made = [await paymentIntents.create(card, options), await paymentIntents.create(card, options)];
    assert.equal(made[0]?.id, made[1]?.id);
    const other = paymentIntents.create({ ...card, amount: 2000 }, options);
    await refused(400, undefined, "StripeIdempotencyError", other);
  });
  await call("refunds, create, list and refuse", async () => {
    const made = await refunds.create({ payment_intent: paid, amount: 400, refund_application_fee: true }, scope);
    assert.equal(made.status, "succeeded");
    await refunds.create({ payment_intent: paid }, scope);
    assert.equal((await refunds.list({ payment_intent: paid }, scope)).data.length, 2);
    await refused(400, "charge_already_refunded", INVALID, refunds.create({ payment_intent: paid }, scope));
  });
  await call("charges.list", async () => {
    const found = (await charges.list({ payment_intent: paid }, scope)).data[0];
    assert.deepEqual([found?.refunded, found?.amount_refunded], [true, 1000]);
  });
  await call("applicationFees, list and refund", async () => {
    const fee = (await applicationFees.list()).data[0];
    assert.deepEqual([fee?.account, fee?.amount, fee?.amount_refunded], [stripeAccount, 123, 49]);
    assert.equal((await applicationFees.createRefund(fee?.id ?? "", { amount: 74 })).amount, 74);
    assert.equal((await applicationFees.retrieve(fee?.id ?? "")).refunded, true);
  });
  await call("balance and balanceTransactions", async () => {
    const rows = (await balanceTransactions.list({ limit: 100 }, scope)).data;
    const { available, pending } = await balance.retrieve({}, scope);
    const sum = rows.reduce((total, row) => total + row.net, 0);
    assert.equal((available[0]?.amount ?? 0) + (pending[0]?.amount ?? 0), sum);
  });
  await call("checkout.sessions, create, retrieve and expire", async () => {
    const body: Stripe.Checkout.SessionCreateParams = {
      mode: "payment",
      line_items: [ITEM],
      success_url: "https://shop.example/done",
    };
    const made = await checkout.sessions.create(body, scope);
    assert.equal((await fetch(made.url ?? "")).status, 200);
    const read = await checkout.sessions.retrieve(made.id, { expand: ["line_items"] }, scope);
    assert.deepEqual([read.amount_total, read.line_items?.data[0]?.description], [2500, "Hat"]);
    assert.equal((await checkout.sessions.listLineItems(made.id, {}, scope)).data.length, 1);
    assert.equal((await checkout.sessions.expire(made.id, {}, scope)).status, "expired");
    assert.equal((await checkout.sessions.list({ status: "expired" }, scope)).data[0]?.id, made.id);
    await refused(400, undefined, INVALID, checkout.sessions.expire(made.id, {}, scope));
  });
  await call("disputes, list, update and close", async () => {
    const disputed = await paymentIntents.create({ ...card, payment_method: "pm_card_createDispute" }, scope);
    const found = (await disputes.list({ payment_intent: disputed.id }, scope)).data[0];
    assert.deepEqual([found?.status, found?.balance_transactions[0]?.net], ["needs_response", -2500]);
    await refused(400, "charge_disputed", INVALID, refunds.create({ payment_intent: disputed.id }, scope));
    const staged = await disputes.update(found?.id ?? "", { evidence: { customer_name: "Ada" }, submit: false }, scope);
    assert.deepEqual([staged.status, staged.evidence.customer_name], ["needs_response", "Ada"]);
    assert.equal((await disputes.close(staged.id, {}, scope)).status, "lost");
  });
  await call("customers and customerSessions", async () => {
    const customer = await customers.create({ email: "ada@shop.example" }, scope);
    assert.equal((await paymentIntents.create({ ...card, customer: customer.id }, scope)).customer, customer.id);
    const components = { mobile_payment_element: { enabled: true } };
    const session = await customerSessions.create({ customer: customer.id, components }, scope);
    assert.deepEqual([session.customer, session.components?.mobile_payment_element.enabled], [customer.id, true]);
  });
  await call("paymentMethodDomains, create, validate and list", async () => {
    await control("domains", { domain_name: "pay.example", inactive: ["apple_pay"] });
    const made = await paymentMethodDomains.create({ domain_name: "pay.example" }, scope);
    assert.deepEqual([made.apple_pay.status, made.google_pay.status], ["inactive", "active"]);
    await control("domains", { domain_name: "pay.example", inactive: [] });
    assert.equal((await paymentMethodDomains.validate(made.id, {}, scope)).apple_pay.status, "active");
    assert.equal((await paymentMethodDomains.list({}, scope)).data[0]?.id, made.id);
  });
  await call("events.list, both scopes", async () => {
    const own = await events.list({ type: "charge.dispute.closed" }, scope);
    assert.deepEqual([own.data.length, own.data[0]?.account], [1, stripeAccount]);
    assert.ok((await events.list({ type: "application_fee.created" })).data.length >= 1);
  });
}
