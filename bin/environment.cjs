"use strict";
/**
 * The environment that every process of the kit runs in. All of it must stand before node starts or before
 * TensorFlow loads: oneDNN is worth 1.4× in eager mode, and glibc's malloc settings, which keep freed tensors instead
 * of handing them back to the system, 15–20 % of a training step. A variable that the user has set is left alone.
 */
const settings = {
  TF_ENABLE_ONEDNN_OPTS: "1",
  TF_CPP_MIN_LOG_LEVEL: "2",
  MALLOC_MMAP_THRESHOLD_: "33554432",
  MALLOC_TRIM_THRESHOLD_: "4294967296",
  MALLOC_TOP_PAD_: "268435456",
};

/** The given environment (default: this process's) with the kit's settings where it has none. */
const environment = (given = process.env) => ({ ...settings, ...given });

/** Whether this process already runs with all of them. */
const isSet = () => Object.keys(settings).every((name) => process.env[name] !== undefined);

module.exports = { settings, environment, isSet };
