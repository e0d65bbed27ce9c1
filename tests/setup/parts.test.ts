import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type Diagnosis, diagnose, printDiagnosis } from "../../lib/setup/doctor";
import { KERNEL_NAME } from "../../lib/setup/kernel";
import { buildNative } from "../../lib/setup/native-build";
import { parts } from "../../lib/setup/parts";
import { PYTHON, VENV } from "../../lib/setup/python";
import { findProgram } from "../../lib/setup/run";
import { wheels } from "../../lib/setup/wheels";
import { ROOT } from "../../lib/util/files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentbank-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const venv = existsSync(PYTHON) ? {} : { skip: "no .venv; to add it: npm run setup" };

test("every part says what it is for, what happens without it and how to add it", () => {
  const diagnosis = diagnose();
  assert.equal(new Set(diagnosis.map((d) => d.name)).size, parts.length);
  for (const d of diagnosis) {
    assert.ok(d.detail && d.purpose && d.fallback, d.name);
    assert.equal(d.remedy === null, d.found, d.name);
  }
  assert.equal(diagnosis.find((d) => d.name === "node")?.detail, process.versions.node);
});

test("the report shows fallback and remedy of what is missing, and of nothing else", () => {
  const lever: Diagnosis = {
    name: "lever",
    found: false,
    required: false,
    detail: "no lever",
    purpose: "moves the world",
    fallback: "a shorter one",
    remedy: "fetch a lever",
  };
  assert.equal(
    printDiagnosis([lever, { ...lever, name: "fulcrum", found: true, detail: "1.0", remedy: null }]),
    [
      "missing  lever    no lever",
      "                  for: moves the world",
      "                  without it: a shorter one",
      "                  to add it: fetch a lever",
      "found    fulcrum  1.0",
      "                  for: moves the world",
    ].join("\n"),
  );
});

test("programs are found on the PATH under any of their names", () => {
  assert.ok(findProgram("no-such-program", "node"));
  assert.equal(findProgram("no-such-program"), null);
});

test("without a compiler the native build ends before it downloads anything", () => {
  const { PATH, CXX } = process.env;
  const wheel = wheels["linux-x64"]!.cpu!;
  try {
    process.env["PATH"] = folder;
    delete process.env["CXX"];
    const target = join(folder, "build");
    assert.throws(() => buildNative({ source: folder, wheel, napi: 8, target }), {
      message: "no C++ compiler (g++)",
    });
    assert.equal(existsSync(target), false);
  } finally {
    Object.assign(process.env, { PATH, ...(CXX === undefined ? {} : { CXX }) });
  }
});

test("the library and the headers come out of a wheel, and nothing else", venv, () => {
  const wheel = join(folder, "tiny.whl");
  const members = [
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/include/tensorflow/c/c_api.h",
    "tensorflow/include/external/eigen/huge.h",
    "tensorflow/python/ops.py",
  ];
  const pack = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for member in sys.argv[2:]: wheel.writestr(member, member)`;
  const python = (...args: string[]) => {
    const done = spawnSync(PYTHON, args, { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  python("-c", pack, wheel, ...members);
  python(join(ROOT, "lib", "python", "unpack_tensorflow.py"), wheel, join(folder, "deps"));
  assert.equal(readFileSync(join(folder, "deps", "lib", "libtensorflow.so"), "utf8"), members[0]);
  assert.equal(readFileSync(join(folder, "deps", "lib", "libtensorflow_framework.so"), "utf8"), members[1]);
  assert.equal(
    readFileSync(join(folder, "deps", "include", "tensorflow", "c", "c_api.h"), "utf8"),
    members[2],
  );
  assert.equal(existsSync(join(folder, "deps", "include", "external")), false);
  assert.equal(existsSync(join(folder, "deps", "python")), false);
});

test("pip refuses a wheel whose hash is not the pinned one", venv, () => {
  const name = "agentbank_lever-1.0-py3-none-any.whl";
  writeFileSync(join(folder, name), "not the wheel that was pinned");
  const pin = join(folder, "requirements.txt");
  writeFileSync(pin, `./${name} --hash=sha256:${"0".repeat(64)}\n`);
  const flags = ["--require-hashes", "--no-deps", "--no-index", "--dest", join(folder, "out"), "-r", pin];
  const done = spawnSync(PYTHON, ["-m", "pip", "download", ...flags], { encoding: "utf8", cwd: folder });
  assert.notEqual(done.status, 0);
  assert.match(done.stderr, /DO NOT MATCH THE HASHES/);
});

test("Jupyter finds the kernel in .venv", venv, () => {
  const done = spawnSync(join(VENV, "bin", "jupyter"), ["kernelspec", "list", "--json"], {
    encoding: "utf8",
  });
  assert.equal(done.status, 0, done.stderr);
  const { spec, resource_dir } = JSON.parse(done.stdout).kernelspecs[KERNEL_NAME];
  assert.equal(resource_dir, join(VENV, "share", "jupyter", "kernels", KERNEL_NAME));
  assert.deepEqual(spec.argv, ["node", join(ROOT, "dist", "kernel", "launch.js"), "{connection_file}"]);
  assert.equal(spec.language, "typescript");
  assert.equal(spec.env.TF_ENABLE_ONEDNN_OPTS, "1");
});
