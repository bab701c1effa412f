// Calls of stripe-node against the simulator. `run.py` starts both.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import Stripe from "stripe";
import { payments } from "./money.ts";

const simulator = new URL(process.env["SIMULATOR"] ?? "");
const address = { protocol: "http", host: simulator.hostname, port: Number(simulator.port) } as const;

function client(key: string): Stripe {
  return new Stripe(key, { ...address, maxNetworkRetries: 0, telemetry: false });
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(new URL(`/simulator/${path}`, simulator), { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
}

async function call(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`failed ${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
}

/** Expects a refusal with this status, code and class. */
async function refused(status: number, code: string | undefined, type: string, made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    assert.ok(error instanceof Stripe.errors.StripeError);
    assert.deepEqual([error.statusCode, error.code, error.type], [status, code, type]);
    return;
  }
  assert.fail("the call was accepted");
}

const INVALID = "StripeInvalidRequestError";
const PERMISSION = "StripePermissionError";
const REFRESH = { refresh_url: "https://app.example/refresh" };
const ONBOARDING = { type: "account_onboarding", account_onboarding: REFRESH } as const;
const MERCHANT: Stripe.V2.Core.AccountCreateParams = {
  contact_email: "owner@shop.example",
  display_name: "Shop",
  dashboard: "full",
  identity: { country: "us", entity_type: "company" },
  configuration: { merchant: { capabilities: { card_payments: { requested: true } } } },
  defaults: { responsibilities: { fees_collector: "stripe", losses_collector: "stripe" } },
};
const received: { body: string; signature: string }[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    received.push({ body, signature: String(request.headers["stripe-signature"]) });
    response.end();
  });
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

const stripe = client("sk_test_node");
const { accounts, accountLinks, accountTokens, eventDestinations, events } = stripe.v2.core;
let account = "";
let person = "";
let destination = "";
let secret = "";

await call("accounts.create", async () => {
  const made = await accounts.create({ ...MERCHANT, include: ["configuration.merchant", "requirements"] });
  account = made.id;
  assert.equal(made.configuration?.merchant?.capabilities?.card_payments?.status, "restricted");
  assert.ok(made.requirements?.entries?.length);
});
await call("accounts.create, filled with nulls", async () => {
  const made = await accounts.create({ ...MERCHANT, include: ["configuration.merchant"] });
  assert.equal(made.configuration?.merchant?.support?.email, null);
  assert.equal(made.configuration?.merchant?.card_payments?.decline_on?.cvc_failure, false);
});
await call("accounts.retrieve, null sections", async () => {
  const read = await accounts.retrieve(account);
  assert.deepEqual([read.configuration, read.identity, read.requirements], [null, null, null]);
});
await call("accounts.retrieve, include", async () => {
  const read = await accounts.retrieve(account, { include: ["identity"] });
  assert.equal(read.identity?.country, "US");
});
await call("accounts.update, metadata", async () => {
  await accounts.update(account, { metadata: { a: "1" } });
  const changed = await accounts.update(account, { metadata: { a: null as never, b: "2" } });
  assert.deepEqual(changed.metadata, { b: "2" });
});
await call("accounts.list, pages", async () => {
  const ids = [];
  for await (const one of accounts.list({ limit: 1 })) ids.push(one.id);
  assert.ok(ids.includes(account) && ids.length >= 2);
});
await call("accounts.list, limit", () => refused(400, "parameter_invalid", INVALID, accounts.list({ limit: 21 })));
await call("accounts.retrieve, unknown", () => refused(404, "not_found", INVALID, accounts.retrieve("acct_none")));
await call("accounts.retrieve, customer of v1", () =>
  refused(400, "v1_customer_instead_of_v2_account", INVALID, accounts.retrieve("cus_1")),
);
await call("accounts.create, no responsibilities", () => {
  const { defaults: _, ...body } = MERCHANT;
  return refused(400, "parameter_missing", INVALID, accounts.create(body));
});
await call("accounts.create, no contact_email", () => {
  const { contact_email: _, ...body } = MERCHANT;
  return refused(400, "parameter_missing", INVALID, accounts.create(body));
});
await call("accounts.create, unknown field", () =>
  refused(400, "parameter_unknown", INVALID, accounts.create({ ...MERCHANT, colour: "red" } as object)),
);
await call("accounts.create, platform not ready", async () => {
  await control("switches", { platform_refused: "connect_profile_not_submitted" });
  await refused(400, "connect_profile_not_submitted", INVALID, accounts.create(MERCHANT));
  await control("switches", { platform_refused: null });
});
await call("idempotency, same body", async () => {
  const options = { idempotencyKey: "node-1" };
  const ids = [await accounts.create(MERCHANT, options), await accounts.create(MERCHANT, options)].map((one) => one.id);
  assert.equal(ids[0], ids[1]);
});
await call("idempotency, other body", () =>
  refused(
    409,
    "idempotency_error",
    "StripeAPIError",
    accounts.create({ ...MERCHANT, display_name: "Other" }, { idempotencyKey: "node-1" }),
  ),
);
await call("accountLinks.create, onboarding", async () => {
  const link = await accountLinks.create({ account, use_case: ONBOARDING });
  assert.deepEqual(Object.keys(link.use_case), ["type", "account_onboarding"]);
  assert.equal(Number(new Date(link.expires_at)) - Number(new Date(link.created)), 300_000);
});
await call("accountLinks.create, no refresh_url", () => {
  const use_case = { type: "account_onboarding", account_onboarding: {} } as never;
  return refused(400, "parameter_missing", INVALID, accountLinks.create({ account, use_case }));
});
await call("accountLinks.create, configurations", () => {
  const use_case = { ...ONBOARDING, account_onboarding: { ...REFRESH, configurations: ["merchant"] } };
  return refused(400, "parameter_unknown", INVALID, accountLinks.create({ account, use_case }));
});
await call("accountLinks.create, configurations of an earlier version", async () => {
  const options = { apiVersion: "2026-08-26.dahlia" };
  for (const configurations of [["merchant"], ["customer"]]) {
    const use_case = { ...ONBOARDING, account_onboarding: { ...REFRESH, configurations } };
    const made = accountLinks.create({ account, use_case }, options);
    if (configurations[0] === "merchant") assert.equal((await made).account, account);
    else await refused(400, "configs_must_match_to_use_account_links", INVALID, made);
  }
});
const DASHBOARD = { type: "account_dashboard", account_dashboard: REFRESH } as never;
await call("accountLinks.create, dashboard", async () => {
  const link = await accountLinks.create({ account, use_case: DASHBOARD }, { apiVersion: "2026-11-18.endive" });
  assert.equal((await fetch(link.url, { redirect: "manual" })).headers.get("location"), `/dashboard/${account}`);
  assert.equal((await fetch(link.url, { redirect: "manual" })).headers.get("location"), REFRESH.refresh_url);
});
await call("accountLinks.create, dashboard in an earlier version", () =>
  refused(400, "parameter_unknown", INVALID, accountLinks.create({ account, use_case: DASHBOARD })),
);
await call("accountLinks.create, update of a full account", () => {
  const use_case = { type: "account_update", account_update: REFRESH } as const;
  return refused(400, "parameter_invalid", INVALID, accountLinks.create({ account, use_case }));
});
await call("persons.create", async () => {
  const made = await accounts.persons.create(account, { given_name: "Jenny", relationship: { owner: true } });
  person = made.id;
  assert.equal(made.account, account);
});
await call("persons.retrieve", async () => {
  assert.equal((await accounts.persons.retrieve(account, person)).given_name, "Jenny");
});
await call("persons.update", async () => {
  assert.equal((await accounts.persons.update(account, person, { surname: "Rosen" })).surname, "Rosen");
});
await call("persons.list", async () => {
  const ids = [];
  for await (const one of accounts.persons.list(account)) ids.push(one.id);
  assert.deepEqual(ids, [person]);
});
await call("persons.delete", async () => {
  assert.equal((await accounts.persons.del(account, person)).id, person);
  await refused(404, "not_found", INVALID, accounts.persons.retrieve(account, person));
});
await call("accountTokens, create and retrieve", async () => {
  const token = await client("pk_test_node").v2.core.accountTokens.create({ display_name: "Secret" });
  assert.equal((await accountTokens.retrieve(token.id)).used, false);
});
await call("accounts.create, account_token", async () => {
  const token = await accountTokens.create({ contact_email: "secret@shop.example" });
  const { contact_email: _, display_name: __, ...rest } = MERCHANT;
  const body = { ...rest, identity: { country: "us" }, account_token: token.id } as const;
  assert.equal((await accounts.create(body)).contact_email, "secret@shop.example");
  await refused(400, "token_already_used", INVALID, accounts.create(body));
});
await call("accounts.create, invalid account_token", () =>
  refused(403, "invalid_account_token", PERMISSION, accounts.create({ account_token: "accttok_none" })),
);
await call("personTokens, create and use", async () => {
  const token = await accounts.personTokens.create(account, { given_name: "Ann" });
  assert.equal((await accounts.persons.create(account, { person_token: token.id })).given_name, "Ann");
});
await call("restricted key, without the permission", async () => {
  await control("keys", { key: "rk_test_node", permissions: ["v2_account_storer_read"] });
  const made = client("rk_test_node").v2.core.accounts.create(MERCHANT);
  await refused(403, "more_permissions_required", PERMISSION, made);
});
await call("restricted key, with the permission", async () => {
  assert.equal((await client("rk_test_node").v2.core.accounts.retrieve(account)).id, account);
});
await call("unknown key", () =>
  refused(401, "api_key_invalid", "StripeAuthenticationError", client("sk_live_node").v2.core.accounts.retrieve(account)),
);
const WEBHOOK: Stripe.V2.Core.EventDestinationCreateParams = {
  name: "Here",
  type: "webhook_endpoint",
  event_payload: "thin",
  enabled_events: ["v2.core.account.updated"],
  events_from: ["@accounts"],
  webhook_endpoint: { url: endpoint },
  include: ["webhook_endpoint.signing_secret"],
};
await call("eventDestinations.create", async () => {
  const made = await eventDestinations.create(WEBHOOK);
  destination = made.id;
  secret = made.webhook_endpoint?.signing_secret ?? "";
  assert.match(secret, /^whsec_/);
});
await call("eventDestinations.create, *", () =>
  refused(400, "parameter_invalid", INVALID, eventDestinations.create({ ...WEBHOOK, enabled_events: ["*"] })),
);
await call("eventDestinations.create, unknown event", () =>
  refused(400, "parameter_invalid", INVALID, eventDestinations.create({ ...WEBHOOK, enabled_events: ["v2.nothing"] })),
);
await call("eventDestinations.create, unknown source", () =>
  refused(400, "parameter_invalid", INVALID, eventDestinations.create({ ...WEBHOOK, events_from: ["@others"] })),
);
await call("eventDestinations, retrieve and list", async () => {
  assert.equal((await eventDestinations.retrieve(destination)).webhook_endpoint?.signing_secret, null);
  assert.equal((await eventDestinations.list()).data[0]?.id, destination);
});
await call("eventDestinations, disable and enable", async () => {
  assert.equal((await eventDestinations.disable(destination)).status, "disabled");
  assert.equal((await eventDestinations.enable(destination)).status, "enabled");
});
await call("notification: parse, fetchEvent, fetchRelatedObject", async () => {
  received.length = 0;
  await accounts.update(account, { display_name: "Renamed" });
  for (let wait = 0; wait < 100 && !received.length; wait++) await new Promise((done) => setTimeout(done, 50));
  const { body, signature } = received[0] ?? assert.fail("nothing was delivered");
  const notification = stripe.parseEventNotification(body, signature, secret);
  assert.ok(notification.type === "v2.core.account.updated");
  assert.equal((await notification.fetchEvent()).id, notification.id);
  assert.equal((await notification.fetchRelatedObject()).display_name, "Renamed");
  assert.throws(() => stripe.parseEventNotification(body, signature, "whsec_other"));
});
await call("events, list and retrieve", async () => {
  const newest = (await events.list({ object_id: account })).data[0];
  assert.equal((await events.retrieve(newest?.id ?? "")).type, newest?.type);
});
await call("eventDestinations, update, ping and delete", async () => {
  assert.equal((await eventDestinations.update(destination, { name: "Other" })).name, "Other");
  assert.equal((await eventDestinations.ping(destination)).type, "v2.core.event_destination.ping");
  assert.equal((await eventDestinations.del(destination)).id, destination);
});
await call("v1: account of the key", async () => {
  assert.equal((await stripe.accounts.retrieveCurrent()).id, "acct_1SimulatedPlatform");
});
await call("v1: create, update and list", async () => {
  const made = await stripe.accounts.create({ type: "standard" });
  assert.deepEqual((await stripe.accounts.update(made.id, { metadata: { a: "1" } })).metadata, { a: "1" });
  assert.equal((await stripe.accounts.list()).data[0]?.id, made.id);
  await refused(400, "account_not_yet_compatible_with_v2", INVALID, accounts.retrieve(made.id));
});
await call("v1: account link", async () => {
  const urls = { ...REFRESH, return_url: "https://app.example/return" };
  assert.equal((await stripe.accountLinks.create({ account, type: "account_onboarding", ...urls })).object, "account_link");
});
await call("v1: login link of a full account", () =>
  refused(400, "account_invalid", INVALID, stripe.accounts.createLoginLink(account)),
);
await call("v1: account without access", () =>
  refused(403, "account_invalid", PERMISSION, stripe.accounts.retrieve("acct_none")),
);
await call("accounts, ready for payments", async () => {
  await accounts.update(account, { display_name: "Shop" });
  await control(`accounts/${account}`, { scenario: "activate" });
});
await payments(stripe, account, { call, refused, control });
await call("accounts.close, configurations not named", () =>
  refused(400, "configs_must_match_to_close", INVALID, accounts.close(account, { applied_configurations: [] })),
);
await call("accounts.close, as in live mode", async () => {
  await control("switches", { closing_refused: "stripe_loss_liable_cannot_be_deleted" });
  const made = accounts.close(account, { applied_configurations: ["merchant"] });
  await refused(400, "stripe_loss_liable_cannot_be_deleted", INVALID, made);
  await control("switches", { closing_refused: null });
});
await call("accounts.close", async () => {
  assert.equal((await accounts.close(account, { applied_configurations: ["merchant"] })).closed, true);
});
server.close();
