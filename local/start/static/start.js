// The start page: tokens with their lifetime, merchants, and buttons that copy.

const ROLES = {
  operator: "Sees and changes everything, as the platform's staff.",
  service: "Acts for the platform's backend: creates merchants and reads their state.",
  merchant: "Sees one merchant only. Your app uses this role for a logged-in merchant.",
};
const FIRST_ROWS = 8;
const PAUSE = 5000;
const byId = (id) => document.getElementById(id);
const links = { portal: byId("portal")?.href, stripe: byId("stripe")?.href };
let showsAll = false;
let shown = "";

function badge({ statusTitle, statusTone }, count) {
  const made = document.createElement("span");
  made.className = "badge";
  made.dataset.tone = statusTone;
  made.textContent = count === undefined ? statusTitle : `${count} ${statusTitle}`;
  return made;
}

// --- tokens ---------------------------------------------------------------------------------

const form = byId("token-form");
let expiresAt = 0;

function choice() {
  const values = new FormData(form);
  const order = { role: values.get("role"), ttl: values.get("ttl") };
  return order.role === "merchant" ? { ...order, merchant: values.get("merchant").trim() } : order;
}

function describe() {
  const order = choice();
  byId("role-text").textContent = ROLES[order.role];
  byId("merchant-field").hidden = order.role !== "merchant";
  const merchant = order.merchant === undefined ? "" : ` MERCHANT=${order.merchant || "shop-1"}`;
  byId("token-command").textContent = `make -s token ROLE=${order.role}${merchant} TTL=${order.ttl}`;
}

async function make(event) {
  event.preventDefault();
  const answer = await fetch(`/token?${new URLSearchParams(choice())}`).catch(() => null);
  const body = answer === null ? { error: { message: "make run has ended." } } : await answer.json();
  const error = byId("token-error");
  error.hidden = body.error === undefined;
  error.textContent = body.error?.message ?? "";
  byId("merchant").setAttribute("aria-invalid", String(body.error !== undefined));
  byId("token-result").hidden = body.error !== undefined;
  if (body.error === undefined) {
    byId("token-text").textContent = body.token;
    expiresAt = Date.parse(body.expiresAt);
    count();
  } else if (choice().role === "merchant") {
    byId("merchant").focus();
  }
}

function count() {
  const left = Math.max(0, Math.round((expiresAt - Date.now()) / 1000));
  const minutes = Math.floor(left / 60);
  const time = minutes < 1 ? `${left} s` : minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  byId("token-life").textContent = left ? `Expires in ${time}` : "Expired";
}

form.addEventListener("input", describe);
form.addEventListener("submit", make);
setInterval(() => expiresAt && count(), 1000);
describe();

// --- copying --------------------------------------------------------------------------------

for (const button of document.querySelectorAll("button.copy")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(byId(button.dataset.copies).textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
}

// --- merchants ------------------------------------------------------------------------------

async function refresh() {
  const answer = await fetch("/merchants").catch(() => null);
  const isUp = answer?.ok ?? false;
  byId("state").classList.toggle("down", !isUp);
  const text = isUp ? "Running on this machine" : answer === null ? "make run has ended" : "The API does not answer";
  if (byId("state-text").textContent !== text) byId("state-text").textContent = text;
  if (isUp) show(await answer.json());
}

function show(merchants) {
  const seen = JSON.stringify([merchants, showsAll]);
  if (seen === shown) return;
  shown = seen;
  byId("merchant-count").textContent = merchants.length || "";
  byId("no-merchants").hidden = merchants.length > 0;
  const groups = new Map();
  for (const one of merchants) groups.set(one.status, [...(groups.get(one.status) ?? []), one]);
  const chips = [...groups.values()].sort((one, other) => other.length - one.length);
  byId("merchant-statuses").replaceChildren(...chips.map((group) => item(badge(group[0], group.length))));
  byId("merchant-ids").replaceChildren(...merchants.map((one) => new Option(one.displayName, one.externalId)));
  const rows = showsAll ? merchants : merchants.slice(0, FIRST_ROWS);
  byId("merchant-rows").replaceChildren(...rows.map(row));
  byId("more-merchants").hidden = rows.length === merchants.length;
  byId("more-merchants").textContent = `Show all ${merchants.length}`;
}

function item(...parts) {
  const made = document.createElement("li");
  made.append(...parts);
  return made;
}

function row(merchant) {
  const [about, name, places] = ["div", "strong", "div"].map((tag) => document.createElement(tag));
  name.textContent = merchant.displayName;
  places.className = "links";
  places.append(merchant.externalId);
  if (links.portal) {
    const open = link("Demo app", links.portal, merchant);
    open.addEventListener("click", () => signIn(merchant));
    places.append(open);
  }
  if (links.stripe && merchant.stripeAccountId) {
    places.append(link("Scenarios", `${links.stripe}dashboard/test/connect/accounts/${merchant.stripeAccountId}#scenarios`, merchant));
    places.append(link("Dashboard", `${links.stripe}dashboard/${merchant.stripeAccountId}`, merchant));
  }
  about.append(name, places);
  return item(about, badge(merchant));
}

// The demo app keeps its development sign-in under this key.
function signIn({ externalId, displayName }) {
  sessionStorage.setItem("portal.session", JSON.stringify({ externalId, displayName }));
}

function link(text, href, merchant) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  made.setAttribute("aria-label", `${text} of ${merchant.displayName}`);
  return made;
}

byId("more-merchants").addEventListener("click", () => {
  showsAll = true;
  void refresh();
});
void refresh();
setInterval(() => document.hidden || void refresh(), PAUSE);
