/** The page of `serveRatings`: one pair at a time, ← → for the better side, space for a tie, backspace to go back. */
import { randomBytes } from "node:crypto";

const style = `
:root { color-scheme: light dark; --line: #8886; --muted: #888; --pick: #0072B2 }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; font: 15px/1.45 system-ui, sans-serif; height: 100vh; display: flex; flex-direction: column; gap: .7rem }
header { display: flex; justify-content: space-between; gap: 1rem; color: var(--muted) }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace }
#opening { max-height: 25vh; overflow: auto; border-left: 3px solid var(--line); padding-left: .7rem; flex: none }
#sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; flex: 1; min-height: 6rem }
#sides > section { position: relative; overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: .7rem }
#sides > section.chosen { border-color: var(--pick); box-shadow: 0 0 0 1px var(--pick) }
#sides pre + pre { margin-top: .6rem }
pre.observation, pre.same { color: var(--muted) }
footer { display: flex; gap: .6rem; justify-content: center; flex-wrap: wrap }
button, input { font: inherit; padding: .35rem .9rem }
button.chosen { outline: 2px solid var(--pick) }
kbd { opacity: .65; font: 12px ui-monospace, monospace }
[hidden] { display: none !important }
`;

/** Runs in the page; plain JavaScript, for it is sent as it stands. */
const script = `
const at = (id) => document.getElementById(id);
const keys = { ArrowLeft: "left", ArrowRight: "right", " ": "tie" };
let rater, pairs = [], now = 0, since = 0, busy = false;

const fail = (message) => { at("fault").textContent = message; };
async function ask(path, body) {
  const reply = await fetch(path, body && { method: "POST", body: JSON.stringify(body) });
  const value = await reply.json();
  if (!reply.ok) throw new Error(value.error);
  return value;
}
function block(text, like) {
  const pre = document.createElement("pre");
  pre.textContent = text;
  pre.className = like.includes(text) ? "same" : text.startsWith("Observation:") ? "observation" : "";
  return pre;
}
function show() {
  const pair = pairs[now];
  at("pair").hidden = !pair;
  at("done").hidden = Boolean(pair);
  at("progress").textContent = pairs.filter((p) => p.choice).length + " of " + pairs.length + " rated";
  if (!pair) return;
  at("number").textContent = "Pair " + (now + 1);
  at("opening").textContent = pair.opening;
  at("opening").scrollTop = at("opening").scrollHeight;
  for (const [side, other] of [["left", "right"], ["right", "left"]]) {
    at(side).replaceChildren(...pair[side].map((text) => block(text, pair[other])));
    // To where the two part, with a little of what they share above it.
    const parting = at(side).querySelector("pre:not(.same)");
    at(side).scrollTop = parting ? parting.offsetTop - 120 : 0;
  }
  for (const choice of ["left", "right", "tie"])
    for (const element of document.querySelectorAll("[data-choice=" + choice + "]"))
      element.classList.toggle("chosen", pair.choice === choice);
  since = performance.now();
}
async function rate(choice) {
  const pair = pairs[now];
  if (!pair || busy) return;
  busy = true;
  try {
    await ask("ratings", { rater, pair: pair.id, choice, seconds: Math.round((performance.now() - since) / 100) / 10 });
    pair.choice = choice;
    now++;
    fail("");
    show();
  } catch (error) { fail(error.message); } finally { busy = false; }
}
function back() { if (now > 0) { now--; show(); } }

at("start").addEventListener("submit", async (event) => {
  event.preventDefault();
  rater = at("rater").value.trim().toLowerCase();
  try {
    pairs = await ask("pairs?rater=" + encodeURIComponent(rater));
    const open = pairs.findIndex((pair) => !pair.choice);
    now = open < 0 ? pairs.length : open;
    at("start").hidden = true;
    at("rating").hidden = false;
    fail("");
    show();
    document.activeElement?.blur();
  } catch (error) { fail(error.message); }
});
document.addEventListener("keydown", (event) => {
  if (at("rating").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  const choice = keys[event.key];
  if (!choice && event.key !== "Backspace") return;
  event.preventDefault();
  if (event.repeat) return;
  if (choice) rate(choice);
  else back();
});
for (const button of document.querySelectorAll("button[data-choice]"))
  button.addEventListener("click", () => { rate(button.dataset.choice); button.blur(); });
at("back").addEventListener("click", (event) => { back(); event.target.blur(); });
at("rater").focus();
`;

/** The page and its headers. It loads nothing, and runs its own script alone. */
export function ratingPage(): { html: string; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString("base64");
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Which trajectory is better?</title><style>${style}</style></head>
<body>
<form id="start">
<h1>Which trajectory is better?</h1>
<p>You will see pairs of trajectories of the same task, in no particular order and without a word on where they are
from. Judge whether the thoughts are true and lead to the actions, whether the actions are useful, and whether the task
is done as it was asked for. What both sides have in common is grey.</p>
<p><label>Your name as a rater <input id="rater" required autocomplete="off"></label> <button>Begin</button></p>
</form>
<div id="rating" style="display: contents" hidden>
<header><span id="number"></span><span id="progress"></span></header>
<div id="pair" style="display: contents">
<pre id="opening"></pre>
<div id="sides"><section id="left" data-choice="left"></section><section id="right" data-choice="right"></section></div>
<footer>
<button data-choice="left">Left is better <kbd>←</kbd></button>
<button data-choice="tie">Alike <kbd>space</kbd></button>
<button data-choice="right">Right is better <kbd>→</kbd></button>
<button id="back">Back <kbd>⌫</kbd></button>
</footer>
</div>
<p id="done" hidden>All pairs are rated. What you said is kept; the notebook's next cell reads it.</p>
</div>
<p id="fault" role="alert"></p>
<script nonce="${nonce}">${script}</script>
</body></html>
`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'`;
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
    },
  };
}
