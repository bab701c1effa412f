// Keeps the parts of a page that are marked with data-live up to date. Without this script, a reload does the same.

const PAUSE = 1500;
let seen = null;

async function look() {
  if (document.hidden) return;
  const changes = await (await fetch("/changes")).text();
  if (changes !== seen && seen !== null) await refresh();
  seen = changes;
}

async function refresh() {
  const text = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    // A part in which somebody uses the keyboard stays, so that the focus is not lost.
    if (next === null || part.contains(document.activeElement)) continue;
    for (const group of part.querySelectorAll("details")) {
      next.querySelector(`[id="${group.id}"]`)?.toggleAttribute("open", group.open);
    }
    if (part.innerHTML !== next.innerHTML) part.replaceChildren(...next.childNodes);
    part.className = next.className;
  }
}

setInterval(() => void look().catch(() => {}), PAUSE);
void look().catch(() => {});
