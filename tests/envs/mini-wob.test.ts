/** Real pages in a real browser. Skipped where there is no Chromium, or no pages. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { miniWob } from "../../lib/envs/mini-wob";
import { parseElements } from "../../lib/envs/mini-wob/element";
import { closeTabs } from "../../lib/envs/mini-wob/tabs";
import { launchChromium } from "../../lib/report/chromium";
import { packaged } from "../../lib/setup/environments";
import { ROOT } from "../../lib/util/files";

/** The folder of the pages, or why no page can be shown here. */
const ready: Promise<{ pages: string } | { missing: string }> = (async () => {
  const browser = await launchChromium();
  if ("missing" in browser) return browser;
  await browser.close();
  try {
    return { pages: packaged("miniwob", "html") };
  } catch (error) {
    return { missing: (error as Error).message };
  }
})();

/** A test that is given the folder of the pages. */
function browserTest(name: string, body: (pages: string, t: TestContext) => Promise<void>) {
  test(name, async (t) => {
    const found = await ready;
    if ("missing" in found) return t.skip(found.missing);
    await body(found.pages, t);
  });
}

after(() => closeTabs());

const open = (folder: string, page: string, seed = "1", patience?: number) =>
  miniWob({ folder, page: `miniwob/${page}.html`, seed, ...(patience && { patience }) });

/** The number of the element of that name. */
const refOf = (text: string, name: string) => parseElements(text).find((e) => e.name === name)!.ref;

browserTest(
  "an episode is read, acted and rewarded, and the same seed shows the same page again",
  async (pages) => {
    const environment = open(pages, "enter-text", "7");
    const first = await environment.reset();
    const [, wanted] = /Enter "(\w+)" into/.exec(first)!;
    assert.match(environment.engine!, /^Chromium \d+/);
    const typed = await environment.step(`type[1][${wanted}]`);
    assert.match(typed.observation, new RegExp(`^\\[1\\] textbox "tt" value "${wanted}" focused`));
    const last = await environment.step("click[2]");
    assert.deepEqual(last, { observation: "The task is over.", done: true, reward: 1 });
    assert.deepEqual(await environment.step("click[2]"), last, "nothing follows the end");
    assert.equal(await environment.reset(), first);
    assert.deepEqual(await environment.step("click[2]"), { ...last, reward: 0 }, "the empty field is wrong");
    await environment.close();
    await environment.close();
  },
);

browserTest("what cannot be done is refused as in a miniature", async (pages) => {
  const environment = open(pages, "choose-list");
  await environment.reset();
  for (const [action, refusal] of [
    ["click[99]", "There is no [99] on the page."],
    ["type[2][x]", "[2] takes no text."],
    ["select[2][x]", "[2] is not a list."],
    ["select[1][nowhere]", '[1] has no option "nowhere".'],
  ] as const)
    assert.deepEqual(await environment.step(action), { observation: refusal, done: false, reward: 0 });
  await environment.close();
});

browserTest("episodes at the same time do not touch each other, not even on one page", async (pages) => {
  const episodes = [1, 2, 3, 4].map((seed) => open(pages, "click-button", String(seed)));
  const views = await Promise.all(episodes.map((e) => e.reset()));
  const rewards = await Promise.all(
    episodes.map(async (e, i) => {
      const [, name] = /Click on the "(\w+)" button/.exec(views[i]!)!;
      return (await e.step(`click[${refOf(views[i]!, name!)}]`)).reward;
    }),
  );
  assert.deepEqual(rewards, [1, 1, 1, 1]);
  await Promise.all(episodes.map((e) => e.close()));
});

browserTest("a page that is not there is named", async (pages) => {
  await assert.rejects(async () => open(pages, "click-nothing").reset(), {
    name: "InputError",
    message: /no page miniwob\/click-nothing.html in/,
  });
});

/** A page with the globals of MiniWoB++ whose one button runs a script; what it writes is seen. */
function hostilePage(script: string): string {
  return `<div id="query">Press.</div><button id="b">Go</button><p id="out">nothing</p><script>
    var WOB_DONE_GLOBAL = false, WOB_RAW_REWARD_GLOBAL = 0, WOB_TASK_READY = true;
    Math.seedrandom = function () {};
    var core = { endEpisode() {}, startEpisodeReal() { out.textContent = "nothing"; }, getUtterance: () => "Press." };
    var say = (text) => { out.textContent = text; };
    b.onclick = async () => { ${script} };
  </script>`;
}

const hostile: Readonly<Record<string, { script: string; expect: RegExp; done: boolean }>> = {
  loop: { script: "for (;;);", expect: /lost: no answer/, done: true },
  promises: { script: "for (;;) await 1;", expect: /lost: no answer/, done: true },
  alert: { script: "alert('hello'); say('after');", expect: /alert: hello\n[\s\S]*after/, done: false },
  alerts: { script: "for (;;) alert(1);", expect: /lost/, done: true },
  away: { script: "location = 'http://example.com/';", expect: /lost/, done: true },
  file: { script: "location = 'file:///etc/passwd'; say('stayed');", expect: /stayed/, done: false },
  closes: { script: "window.close(); say('open');", expect: /open|lost/, done: false },
  replaces: {
    script: "document.write('gone'); document.close(); window.core = undefined; core = undefined;",
    expect: /lost/,
    done: true,
  },
  windows: {
    script: "for (let i = 0; i < 20; i++) window.open('about:blank'); say('opened');",
    expect: /opened/,
    done: false,
  },
  download: {
    script:
      "const a = document.createElement('a'); a.href = 'data:application/zip,x'; a.download = 'x.zip'; a.click(); say('clicked');",
    expect: /clicked/,
    done: false,
  },
  memory: {
    script: "const all = []; for (;;) all.push(new Array(1e6).fill({}));",
    expect: /lost/,
    done: true,
  },
  elements: {
    script: "b.insertAdjacentHTML('afterend', '<p>x</p>'.repeat(20000));",
    expect: /^\[600\]/m,
    done: false,
  },
};

browserTest("hostile pages end as an observation, and the next episode is as ever", async (pages, t) => {
  const folder = mkdtempSync(join(tmpdir(), "agentbank-hostile-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, { script, expect, done }] of Object.entries(hostile)) {
    writeFileSync(join(folder, `${name}.html`), hostilePage(script));
    const environment = miniWob({ folder, page: `${name}.html`, seed: "1", patience: done ? 1500 : 8000 });
    const view = await environment.reset();
    const start = performance.now();
    const result = await environment.step(`click[${refOf(view, "Go")}]`);
    assert.match(result.observation, expect, name);
    assert.equal(result.reward, 0);
    if (name !== "closes") assert.equal(result.done, done, name);
    assert.ok(performance.now() - start < 5000, `${name} keeps its limit`);
    await environment.close();
    const next = open(pages, "click-test");
    await next.reset();
    assert.equal((await next.step("click[1]")).reward, 1, `after ${name}`);
    await next.close();
  }
});

browserTest(
  "a page reaches neither network, nor other servers of this machine, nor files",
  async (_pages, t) => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits++;
      response.setHeader("access-control-allow-origin", "*").end("secret");
    }).listen(0, "127.0.0.1");
    t.after(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const folder = mkdtempSync(join(tmpdir(), "agentbank-hostile-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "secret.txt"), "secret");
    const addresses = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `https://127.0.0.1:${port}/`,
      `http://[::1]:${port}/`,
      "http://example.com/",
      `file://${folder}/secret.txt`,
      "http://pages.invalid/0/../../secret.txt",
    ];
    const script = `const got = [];
    for (const url of ${JSON.stringify(addresses)})
      got.push(await fetch(url).then((r) => r.ok ? r.text() : "refused", () => "refused"));
    const socket = new WebSocket("ws://127.0.0.1:${port}/");
    await new Promise((resolve) => { socket.onopen = socket.onerror = resolve; });
    got.push(socket.readyState === 1 ? "open" : "refused");
    say(got.join(" "));`;
    writeFileSync(join(folder, "reach.html"), hostilePage(script));
    const environment = miniWob({ folder, page: "reach.html", seed: "1" });
    const view = await environment.reset();
    let text = (await environment.step(`click[${refOf(view, "Go")}]`)).observation;
    for (let i = 0; i < 20 && text.includes('"nothing"'); i++)
      text = (await environment.step("wait[]")).observation;
    await environment.close();
    assert.match(text, new RegExp(`"${"refused ".repeat(addresses.length)}refused"`));
    assert.equal(hits, 0);
  },
);

/** Process ids below one, from /proc. */
function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const parents = table.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (id: number): number[] =>
    parents.flatMap(([p, parent]) => (parent === id ? [p, ...below(p)] : []));
  return below(pid);
}

/** Running, and no zombie that only waits to be counted. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    return !/\) [ZX] /.test(readFileSync(stat, "utf8"));
  } catch {
    return false;
  }
}

/** What is put into the temporary folder once, for every later process: the browser, and node's compiled code. */
const lasting = /^(chromium|fonts|fonts-cache|agentbank-fonts.conf|v8-compile-cache.*)$/;

for (const ending of ["closed", "killed"] as const)
  browserTest(
    `no browser and no file of it is left once it is ${ending}, though a page loops`,
    async (_, t) => {
      if (process.platform !== "linux") return t.skip("reads /proc");
      const folder = mkdtempSync(join(tmpdir(), "agentbank-hostile-"));
      t.after(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, "loop.html"), hostilePage("for (;;);"));
      const temporary = join(folder, "tmp");
      mkdirSync(temporary);
      for (const name of ["chromium", "fonts"]) // the browser need not be unpacked again
        if (existsSync(join(tmpdir(), name))) symlinkSync(join(tmpdir(), name), join(temporary, name));
      const program = `require("ts-node/register");
    const { miniWob } = require("./lib/envs/mini-wob");
    const { closeTabs } = require("./lib/envs/mini-wob/tabs");
    (async () => {
      const e = miniWob({ folder: ${JSON.stringify(folder)}, page: "loop.html", seed: "1", patience: 60000 });
      await e.reset();
      e.step("click[1]").catch(() => {});
      setTimeout(() => console.log("looping"), 300);
      process.stdin.once("end", () => e.close().then(closeTabs).then(() => process.exit())).resume();
    })();`;
      const child = spawn(process.execPath, ["-e", program], {
        cwd: ROOT,
        env: { ...process.env, TMPDIR: temporary },
        stdio: ["pipe", "pipe", "inherit"],
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      const browsers = descendants(child.pid!).filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--proxy-server"),
      );
      const environment = readFileSync(`/proc/${browsers[0]}/environ`, "utf8");
      const [, own] = /(?:^|\0)TMPDIR=([^\0]+)/.exec(environment)!;
      // Chromium leaves files of such names behind when it ends a page at the wrong moment.
      writeFileSync(join(own!, ".org.chromium.Chromium.left"), "");
      if (ending === "closed") child.stdin.end();
      else child.kill("SIGKILL");
      const left = () => readdirSync(temporary).filter((name) => !lasting.test(name));
      for (let i = 0; i < 100 && (browsers.some(isRunning) || left().length > 0); i++) await wait(100);
      assert.deepEqual(browsers.filter(isRunning), []);
      assert.deepEqual(left(), []);
    },
  );
