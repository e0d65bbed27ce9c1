/**
 * TensorFlow's C library, as PyPI's wheels carry it. tfjs-node would download one of 2022 (TensorFlow 2.9, CUDA
 * 11.2) from a bucket without checksums; this one is of 2024, pinned by hash, and comes through pip like the rest.
 */
export const TENSORFLOW_VERSION = "2.16.1";

export interface Wheel {
  project: string;
  /** Any Python's wheel holds the same library; these are CPython 3.11's, whatever Python is installed. */
  sha256: string;
  /** Platform tag, as pip knows it. */
  platform: string;
}

export type Device = "cpu" | "gpu";

/** By `process.platform-process.arch`. What is not here has no native TensorFlow and computes on wasm. */
export const wheels: Readonly<Record<string, Partial<Record<Device, Wheel>>>> = {
  "linux-x64": {
    cpu: {
      project: "tensorflow-cpu",
      sha256: "8fde4a1a1515f3099119c2d71e1653aa6e7ae81ec58b7cb045cab5e5bb147b8b",
      platform: "manylinux_2_17_x86_64",
    },
    gpu: {
      project: "tensorflow",
      sha256: "930c61100cce3a5cb63d30fe6776504405214e8398a26ca968222ecb8b8f9404",
      platform: "manylinux_2_17_x86_64",
    },
  },
  "linux-arm64": {
    cpu: {
      project: "tensorflow",
      sha256: "617df9fa2d697c4bc22fa3ee87eb01d580ab1bd0438fea15c4ec2f2870c40bb0",
      platform: "manylinux_2_17_aarch64",
    },
  },
};
