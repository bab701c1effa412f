// Shows the progress of the startup, and then loads the requested page.

const PAUSE = 500;
const text = document.getElementById("startup-text");
const share = document.getElementById("startup-share");

async function look() {
  const answer = await fetch("/merchants").catch(() => null);
  if (answer === null) {
    text.textContent = "The start has ended. The terminal has the reason.";
    return;
  }
  const { progress } = await answer.json();
  if (progress === undefined) {
    location.reload();
    return;
  }
  if (text.textContent !== progress.text) text.textContent = progress.text;
  if (progress.share === null) share.removeAttribute("value");
  else share.value = progress.share;
}

setInterval(() => void look(), PAUSE);
