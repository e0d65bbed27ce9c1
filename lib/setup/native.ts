/**
 * tfjs-node and tfjs-node-gpu, built against the C library of TensorFlow's own wheel.
 *
 * The build lies in a cache outside the repository, named by all that determines it, so that the next clone neither
 * downloads nor compiles: node_modules gets a copy of the binding and a link to the 600 MB of libraries.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../util/files";
import { hashOf } from "../util/hash";
import { buildNative } from "./native-build";
import type { Part } from "./part";
import { execute } from "./run";
import { gpu } from "./tools";
import { type Device, TENSORFLOW_VERSION, type Wheel, wheels } from "./wheels";

/** The interface that the binding is built for: Node keeps it stable from version to version. */
const NAPI = Math.min(8, Number(process.versions["napi"]));

/** CUDA of the release that this TensorFlow was built with; the driver is the machine's. */
const CUDA = join(ROOT, "lib", "python", "requirements-cuda.txt");

export function nativeTensorflow(device: Device): Part {
  const module = device === "cpu" ? "tfjs-node" : "tfjs-node-gpu";
  const folder = join(ROOT, "node_modules", "@tensorflow", module);
  const binding = join(folder, "lib", `napi-v${NAPI}`, "tfjs_binding.node");
  const libraries = join(folder, "deps", "lib");
  const stamp = join(folder, "agentbank-build");
  const platform = `${process.platform}-${process.arch}`;
  const wheel = wheels[platform]?.[device];
  const runtime = device === "gpu" ? CUDA : undefined;

  return {
    name: device === "cpu" ? "native tfjs" : "native tfjs (GPU)",
    purpose: device === "cpu" ? "trains and decodes at native speed" : "trains and decodes on an NVIDIA GPU",
    required: false,
    fallback: device === "cpu" ? "wasm, about 10 times slower" : "native tfjs on the CPU",
    remedy:
      device === "cpu"
        ? "sudo apt install g++ make python3-pip && npm run setup"
        : "npm run setup -- --gpu (downloads 3 GB; needs a C++ compiler)",
    wanted: (options) => device === "cpu" || options.gpu || gpu.check().found,
    check() {
      if (!existsSync(folder)) return { found: false, detail: `@tensorflow/${module} is not installed` };
      if (!wheel) return { found: false, detail: `TensorFlow has no library for ${platform}` };
      if (!existsSync(binding) || !existsSync(join(libraries, "libtensorflow.so")))
        return { found: false, detail: "not built" };
      if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== buildKey(module, wheel, runtime))
        return { found: false, detail: "built from other versions" };
      return { found: true, detail: `TensorFlow ${TENSORFLOW_VERSION}, N-API ${NAPI}` };
    },
    install() {
      if (!existsSync(folder)) throw new Error(`@tensorflow/${module} is not installed`);
      if (!wheel) throw new Error(`TensorFlow has no library for ${platform}`);
      const key = buildKey(module, wheel, runtime);
      const build = join(cacheFolder(), key);
      if (!existsSync(build)) buildNative({ source: folder, wheel, napi: NAPI, target: build, runtime });

      rmSync(join(folder, "deps"), { recursive: true, force: true });
      mkdirSync(dirname(libraries), { recursive: true });
      symlinkSync(join(build, "lib"), libraries);
      rmSync(binding, { force: true });
      mkdirSync(dirname(binding), { recursive: true });
      // A copy, for the loader looks for the libraries beside where the binding really lies.
      copyFileSync(join(build, "tfjs_binding.node"), binding);
      multiply(module);
      writeFileSync(stamp, key);
    },
  };
}

/** All that determines a build. */
function buildKey(module: string, wheel: Wheel, runtime?: string): string {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, "node_modules", "@tensorflow", module, "package.json"), "utf8"),
  ) as { version: string };
  const name = [module, version, TENSORFLOW_VERSION, `${process.platform}-${process.arch}`, `napi${NAPI}`];
  return [...name, hashOf(runtime ? [wheel, readFileSync(runtime, "utf8")] : wheel)].join("-");
}

function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "agentbank-lab", "native");
}

/** Loads the module in a process of its own, where a crash is an error like any other, and multiplies once. */
function multiply(module: string): void {
  const program = `
    const tf = require("@tensorflow/${module}");
    const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
    if (product !== 11) throw new Error("[1 2] · [3 4] gave " + product);`;
  execute(process.execPath, ["-e", program]);
}
