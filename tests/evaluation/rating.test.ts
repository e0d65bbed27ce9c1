/** Pairs rated by a person at a page: through its requests, and by keyboard in a browser. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type MatchedPair, pairUp, preferences } from "../../lib/evaluation/matched";
import { readRatings } from "../../lib/evaluation/rating/ratings";
import {
  type BlindPair,
  blindPairs,
  type RatingSite,
  serveRatings,
} from "../../lib/evaluation/rating/server";
import { launchChromium } from "../../lib/report/chromium";
import { trajectory } from "./trajectories";

const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
const steps = (what: string) => [
  "Thought: look\nAction: look",
  "Observation: <b>a room</b>",
  `Action: ${what}`,
];
const pairs: MatchedPair[] = pairUp(
  [...ids, "same"].map((id) => trajectory(id, steps("good"), 0.75)),
  [...ids.map((id) => trajectory(id, steps("poor"), 0.25)), trajectory("same", steps("good"))],
);
const folder = mkdtempSync(join(tmpdir(), "ratings-"));
let site: RatingSite;

before(async () => {
  site = await serveRatings(pairs, { folder });
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

const post = (body: object | string) =>
  fetch(new URL("ratings", site.url), {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const isGood = (side: readonly string[]) => side.at(-1) === "Action: good";

test("raters see the pairs that differ, in orders of their own, and nothing of where they are from", async () => {
  const [ann, bob] = await Promise.all(["ann", "bob"].map((rater) => blindPairs(pairs, rater, folder)));
  assert.deepEqual(
    ann!.map((p) => p.opening).sort(),
    ids.map((id) => `do ${id}`),
  );
  assert.notDeepEqual(
    ann!.map((p) => p.id),
    bob!.map((p) => p.id),
  );
  assert.deepEqual(await blindPairs(pairs, "ann", folder), ann);
  assert.doesNotMatch(JSON.stringify(ann), /explore|reward|0\.75|first|second/);
  const raters = Array.from({ length: 30 }, (_, i) => `rater-${i}`);
  const seen = (await Promise.all(raters.map((r) => blindPairs(pairs, r, folder)))).flat();
  const left = seen.filter((p) => isGood(p.left)).length / seen.length;
  assert.ok(left > 0.35 && left < 0.65, `the better side stands left in ${left}`);
});

test("what is said of a side is kept as a verdict on the first trajectory; said again, the last counts", async () => {
  const reply = await fetch(new URL("pairs?rater=cleo", site.url));
  const shown = (await reply.json()) as BlindPair[];
  const say = (pair: BlindPair, good: boolean) =>
    post({
      rater: "cleo",
      pair: pair.id,
      seconds: 1.5,
      choice: isGood(pair.left) === good ? "left" : "right",
    });
  for (const pair of shown) assert.equal((await say(pair, true)).status, 200);
  await say(shown[0]!, false);
  await post({ rater: "cleo", pair: shown[1]!.id, seconds: 0, choice: "tie" });
  const own = new Map((await readRatings(folder)).filter((r) => r.rater === "cleo").map((r) => [r.pair, r]));
  assert.deepEqual(
    shown.map(({ id }) => own.get(id)!.verdict),
    ["lose", "tie", "win", "win", "win", "win", "win", "win"],
  );
  const again = await blindPairs(pairs, "cleo", folder);
  assert.equal(again[0]!.choice, isGood(again[0]!.left) ? "right" : "left");
  assert.equal(again[1]!.choice, "tie");
});

test("without the secret there is nothing, and what is no rating is refused and not written", async () => {
  assert.equal((await fetch(new URL("/", site.url))).status, 404);
  assert.equal((await fetch(new URL("/pairs?rater=ann", site.url))).status, 404);
  const sound = { rater: "dora", pair: pairs[0]!.id, choice: "tie", seconds: 1 };
  for (const body of [
    { ...sound, rater: "../dora" },
    { ...sound, pair: "none" },
    { ...sound, choice: "win" },
    { ...sound, seconds: -1 },
    "{",
    JSON.stringify({ ...sound, more: "x".repeat(20_000) }),
  ])
    assert.equal((await post(body)).status, 400);
  assert.equal((await fetch(new URL("pairs?rater=A%20B", site.url))).status, 400);
  assert.ok((await readRatings(folder)).every(({ rater }) => rater !== "dora"));
});

test("lines that are no rating are told with file and line", async () => {
  const own = mkdtempSync(join(tmpdir(), "ratings-"));
  try {
    const row = {
      version: 1,
      pair: "p",
      rater: "eve",
      verdict: "win",
      seconds: 1,
      at: "2024-01-01T00:00:00Z",
    };
    writeFileSync(join(own, "eve.jsonl"), `${JSON.stringify(row)}\n{"version":1}\nnonsense\n`);
    await assert.rejects(readRatings(own), /eve\.jsonl:2: pair: .*[\s\S]*eve\.jsonl:3: not JSON/);
    assert.deepEqual(await readRatings(join(own, "none")), []);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test("in a browser: arrows choose a side, space a tie, backspace goes back, buttons do the same", async (t) => {
  const browser = await launchChromium();
  if ("missing" in browser) return t.skip(browser.missing);
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(site.url);
    assert.ok(await page.locator("#rating").isHidden());
    await page.keyboard.type("Finn");
    await page.keyboard.press("Enter");
    const opening = page.locator("#opening");
    await opening.waitFor();
    const shown = await blindPairs(pairs, "finn", folder);
    const at = (i: number) => opening.filter({ hasText: shown[i]!.opening }).waitFor();
    await at(0);
    assert.deepEqual(await page.locator("#left pre").allTextContents(), shown[0]!.left, "text, not markup");
    assert.equal(await page.locator("#left pre.same").count(), 2);
    const keys = ["ArrowLeft", "ArrowRight", " "];
    for (const [i, key] of keys.entries()) {
      await page.keyboard.press(key);
      await at(i + 1);
    }
    await page.keyboard.press("Backspace");
    await at(2);
    assert.ok(await page.locator("button.chosen[data-choice=tie]").isVisible());
    await page.getByRole("button", { name: "Right is better" }).click();
    for (const i of shown.keys()) {
      if (i < 3) continue;
      await at(i);
      await page.keyboard.press("ArrowLeft");
    }
    await page.getByText("All pairs are rated").waitFor();
    assert.equal(await page.locator("#progress").textContent(), `${ids.length} of ${ids.length} rated`);
    assert.deepEqual(faults, []);

    const said = ["left", "right", "right", ...ids.slice(3).map(() => "left")];
    const own = new Map(
      (await readRatings(folder)).filter((r) => r.rater === "finn").map((r) => [r.pair, r]),
    );
    assert.deepEqual(
      shown.map(({ id }) => own.get(id)!.verdict),
      shown.map((pair, i) => (isGood(said[i] === "left" ? pair.left : pair.right) ? "win" : "lose")),
    );
    assert.equal(readFileSync(join(folder, "finn.jsonl"), "utf8").trim().split("\n").length, ids.length + 1);
    assert.ok([...own.values()].every(({ verdict }) => preferences.includes(verdict)));

    await page.reload();
    await page.locator("#rater").fill("finn");
    await page.keyboard.press("Enter");
    await page.getByText("All pairs are rated").waitFor();
  } finally {
    await browser.close();
  }
});
