/** Every part of the installation, in the order that set-up adds them. */
import { join } from "node:path";
import { ROOT } from "../util/files";
import { environmentPackages } from "./environments";
import { kernel } from "./kernel";
import { nativeTensorflow } from "./native";
import type { Part } from "./part";
import { venv } from "./python";
import { ray } from "./ray";
import { swiftshader } from "./swiftshader";
import { textworld } from "./textworld";
import { bubblewrap, chromium, gpu, java, mariadb, torch } from "./tools";

// These three are needed to get here at all, so they are plain JavaScript beside the set-up script.
const { node, packages, compiled } = require(join(ROOT, "bin", "bootstrap.cjs")) as Record<string, Part>;

export const parts: readonly Part[] = [
  node!,
  packages!,
  compiled!,
  venv,
  environmentPackages,
  kernel,
  nativeTensorflow("cpu"),
  nativeTensorflow("gpu"),
  gpu,
  swiftshader,
  chromium,
  java,
  mariadb,
  bubblewrap,
  textworld,
  torch,
  ray,
];
