import assert from "node:assert/strict";
import { test } from "node:test";
import { openEncyclopedia, search } from "../../lib/envs/search";

const pages = openEncyclopedia([
  {
    title: "Blue Lamp",
    sentences: ["One lamp.", "Two.", "Three.", "Four.", "Five.", "Six is a lamp.", "Seven, a Lamp too."],
  },
  { title: "Red Door", sentences: ["A door in the lamp street.", "It is red."] },
]);
const open = () => search("Which?", pages, (answer) => (answer === "six" ? 1 : 0));
const says = async (actions: string[]) => {
  const environment = open();
  const results = [];
  for (const action of actions) results.push(await environment.step(action));
  return results;
};
const observations = async (actions: string[]) => (await says(actions)).map(({ observation }) => observation);

test("search shows the first five sentences of a page, whatever the case of its title", async () => {
  assert.deepEqual(await observations(["search[blue lamp]", "search[ Red Door ]"]), [
    "One lamp. Two. Three. Four. Five.",
    "A door in the lamp street. It is red.",
  ]);
});

test("a title that is none gives the most similar ones", async () => {
  assert.deepEqual(await observations(["search[lamp]", "search[red]", "search[xyz]"]), [
    "Could not find lamp. Similar: [Blue Lamp, Red Door]",
    "Could not find red. Similar: [Red Door]",
    "Could not find xyz. Similar: []",
  ]);
});

test("lookup walks through the sentences with the word, anew for another word or page", async () => {
  assert.deepEqual(
    await observations([
      "lookup[lamp]",
      "search[Blue Lamp]",
      "lookup[lamp]",
      "lookup[Lamp]",
      "lookup[lamp]",
      "lookup[lamp]",
    ]),
    [
      "No page is open. Use search[title] first.",
      "One lamp. Two. Three. Four. Five.",
      "(Result 1 / 3) One lamp.",
      "(Result 2 / 3) Six is a lamp.",
      "(Result 3 / 3) Seven, a Lamp too.",
      "No more results.",
    ],
  );
  assert.deepEqual(
    (
      await observations([
        "search[Blue Lamp]",
        "lookup[two]",
        "lookup[lamp]",
        "search[Red Door]",
        "lookup[lamp]",
      ])
    ).slice(1),
    [
      "(Result 1 / 1) Two.",
      "(Result 1 / 3) One lamp.",
      "A door in the lamp street. It is red.",
      "(Result 1 / 1) A door in the lamp street.",
    ],
  );
});

test("finish ends the episode with the score; a failed search keeps the page open", async () => {
  const results = await says(["search[Red Door]", "search[nothing]", "lookup[red]", "finish[six]"]);
  assert.equal(results[2]!.observation, "(Result 1 / 1) It is red.");
  assert.deepEqual(results[3], { observation: "Answer submitted.", done: true, reward: 1 });
  assert.deepEqual(await open().step("finish[five]"), {
    observation: "Answer submitted.",
    done: true,
    reward: 0,
  });
});
