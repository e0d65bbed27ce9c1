/** JupyterLab from the repository's own environment. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../util/errors";
import { ROOT, writeAtomic } from "../util/files";
import { KERNEL_NAME } from "./kernel";
import { VENV } from "./python";

/** Without the part that asks to fetch news and looks for updates. */
const pageConfig = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
const pageConfigFile = join(VENV, "etc", "jupyter", "labconfig", "page_config.json");

export interface LabOptions {
  /** Default: the first free one from 8888. */
  port?: number;
  /** Opens a browser. Default true. */
  browser?: boolean;
}

/**
 * Runs JupyterLab on the notebooks until it is stopped, and gives its exit code. The kit's kernel is the only one
 * that it offers. Throws InputError where set-up has not run.
 */
export function startLab({ port, browser = true }: LabOptions): Promise<number> {
  const program = join(VENV, "bin", "jupyter-lab");
  if (!existsSync(program)) throw new InputError("JupyterLab is not there; to add it: npm run setup");
  const flags = [
    `--ServerApp.root_dir=${ROOT}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    `--KernelSpecManager.allowed_kernelspecs=${KERNEL_NAME}`,
    `--MultiKernelManager.default_kernel_name=${KERNEL_NAME}`,
    // Nothing is fetched at run time: no catalogue of extensions, and see `pageConfig`.
    "--LabApp.extension_manager=readonly",
    ...(port ? [`--port=${port}`, "--ServerApp.port_retries=0"] : []),
    ...(browser ? [] : ["--no-browser"]),
    // Jupyter refuses to run as root, which is who one is in most containers.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  if (!existsSync(pageConfigFile)) writeAtomic(pageConfigFile, `${JSON.stringify(pageConfig, null, 2)}\n`);
  const child = spawn(program, flags, { cwd: ROOT, stdio: "inherit" });
  // Jupyter gets the terminal's Ctrl-C itself and asks before it stops; it ends first.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
