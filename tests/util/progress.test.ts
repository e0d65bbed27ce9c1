import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { counted, startProgress } from "../../lib/util/progress";

/** What the kernel would be given to show. */
const shown: { text: string; id: string; update: boolean }[] = [];
const kernel = Symbol.for("agentbank.display");

type Content = { data: Record<string, string>; transient: { display_id: string } };

before(() => {
  const show = ({ data, transient }: Content, update: boolean) =>
    shown.push({ text: data["text/plain"]!, id: transient.display_id, update });
  Object.assign(globalThis, { [kernel]: show });
});
after(() => {
  delete (globalThis as Record<symbol, unknown>)[kernel];
});

test("in a notebook progress is one display that is updated, and ends with the time it took", () => {
  shown.length = 0;
  const progress = startProgress("train", 3);
  for (const loss of [3, 2, 1]) progress.tick(1, `· loss ${loss}`);
  progress.stop();
  assert.equal(new Set(shown.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    shown.map(({ update }) => update),
    [false, true],
  );
  assert.match(shown[0]!.text, /^train 1\/3 · ETA \d+ s · loss 3$/);
  assert.match(shown[1]!.text, /^train 3\/3 · \d+\.\d s · loss 1$/);
});

test("a count that starts in the middle or jumps is shown as it is told", () => {
  shown.length = 0;
  const played = counted("play");
  played(7, 10);
  played(10, 10);
  assert.deepEqual(
    shown.map(({ text }) => text.split(" · ")[0]),
    ["play 7/10", "play 10/10"],
  );
});
