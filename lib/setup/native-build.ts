/** Builds a tfjs binding: wheel down, library out, node-gyp over it. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../util/files";
import { PYTHON } from "./python";
import { execute, findProgram } from "./run";
import { TENSORFLOW_VERSION, type Wheel } from "./wheels";

export interface NativeBuild {
  /** The package's folder, with binding/ and binding.gyp. */
  source: string;
  wheel: Wheel;
  /** N-API version. */
  napi: number;
  /** Gets lib/ and tfjs_binding.node, whole or not at all. */
  target: string;
  /** pip's requirements of libraries that TensorFlow loads when it runs: CUDA's. */
  runtime?: string;
}

/** Throws, before anything is downloaded, where a compiler or pip is missing. */
export function buildNative({ source, wheel, napi, target, runtime }: NativeBuild): void {
  if (!findProgram(process.env["CXX"] ?? "g++", "c++", "clang++")) throw new Error("no C++ compiler (g++)");
  if (!findProgram("make")) throw new Error("no make");
  if (!existsSync(PYTHON)) throw new Error("no pip, for there is no .venv");

  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(`${target}.`);
  try {
    const file = download(wheel, folder);
    execute(PYTHON, [join(ROOT, "lib", "python", "unpack_tensorflow.py"), file, join(folder, "deps")]);
    rmSync(file);
    compile(source, folder, napi);
    const whole = join(folder, "whole");
    mkdirSync(whole);
    renameSync(join(folder, "deps", "lib"), join(whole, "lib"));
    copyFileSync(join(folder, "out", "tfjs_binding.node"), join(whole, "tfjs_binding.node"));
    if (runtime) addLibraries(runtime, join(folder, "runtime"), join(whole, "lib"));
    if (!existsSync(target)) renameSync(whole, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the wheel's path. pip refuses a file whose hash is another. */
function download({ project, sha256, platform }: Wheel, folder: string): string {
  const pin = join(folder, "requirements.txt");
  writeFileSync(pin, `${project}==${TENSORFLOW_VERSION} --hash=sha256:${sha256}\n`);
  const which = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", `--platform=${platform}`];
  const how = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--retries=1", "--require-hashes"];
  execute(PYTHON, ["-m", "pip", "download", ...how, ...which, "--dest", folder, "--requirement", pin]);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".whl"))!);
}

/** Puts every shared library of these packages into `target`, where TensorFlow looks for them: beside itself. */
function addLibraries(requirements: string, folder: string, target: string): void {
  const how = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  execute(PYTHON, ["-m", "pip", "install", ...how, "--target", folder, "--requirement", requirements]);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && /\.so(\.\d+)*$/.test(entry.name))
      renameSync(join(entry.parentPath ?? entry.path, entry.name), join(target, entry.name));
}

/** Leaves folder/out/tfjs_binding.node. The package's own folder stays as it is. */
function compile(source: string, folder: string, napi: number): void {
  for (const name of ["binding", "binding.gyp", "package.json"])
    cpSync(join(source, name), join(folder, name), { recursive: true });
  // Node's own headers where it came with them; else node-gyp downloads them.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include", "node", "node_api.h")) ? [`--nodedir=${prefix}`] : [];
  execute(
    process.execPath,
    [
      join(ROOT, "node_modules", "node-gyp", "bin", "node-gyp.js"),
      "rebuild",
      ...headers,
      `--napi_build_version=${napi}`,
      "--module_name=tfjs_binding",
      `--module_path=${join(folder, "out")}`,
    ],
    { cwd: folder },
  );
}
