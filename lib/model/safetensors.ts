/** The safetensors format: a length, a JSON header of names, types, shapes and offsets, then the bytes. */
import { readFileSync } from "node:fs";
import { InputError } from "../util/errors";
import { writeAtomic } from "../util/files";

export interface HostTensor {
  shape: number[];
  data: Float32Array;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * Every tensor of a file as float32. F32, F16 and BF16 are read.
 *
 * @throws InputError that names the file and, where one is at fault, the tensor.
 */
export function readSafetensors(file: string): Map<string, HostTensor> {
  const bytes = readFileSync(file);
  const headerSize = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : Number.POSITIVE_INFINITY;
  const start = 8 + headerSize;
  if (start > bytes.length) throw new InputError(`${file}: not a safetensors file, or cut short`);
  const header = JSON.parse(bytes.subarray(8, start).toString("utf8")) as Record<string, Entry>;
  const tensors = new Map<string, HostTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const decode = decoders[dtype];
    if (!decode)
      throw new InputError(`${file}: ${name}: type ${dtype}; read are ${Object.keys(decoders).join(", ")}`);
    if (start + data_offsets[1] > bytes.length)
      throw new InputError(`${file}: ${name}: the file is cut short`);
    // A copy, so that it starts at a multiple of its element's size.
    const raw = new Uint8Array(bytes.subarray(start + data_offsets[0], start + data_offsets[1])).buffer;
    const data = decode(raw);
    if (data.length !== shape.reduce((a, b) => a * b, 1)) {
      throw new InputError(`${file}: ${name}: ${data.length} values for shape [${shape.join(", ")}]`);
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
}

/** Writes float32 tensors, whole or not at all. `format: pt` in the metadata is what transformers looks for. */
export function writeSafetensors(file: string, tensors: ReadonlyMap<string, HostTensor>): void {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  // Readers map the file into memory: the header is padded so that the data is aligned.
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(json.length + ((8 - (Buffer.byteLength(json) % 8)) % 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = [...tensors.values()].map((t) =>
    Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength),
  );
  writeAtomic(file, Buffer.concat([length, text, ...data]));
}

const decoders: Record<string, (raw: ArrayBuffer) => Float32Array> = {
  F32: (raw) => new Float32Array(raw),
  F16: (raw) => Float32Array.from(new Uint16Array(raw), halfToFloat),
  BF16: (raw) => {
    // bfloat16 is the upper half of a float32.
    const bits = Uint32Array.from(new Uint16Array(raw), (half) => half << 16);
    return new Float32Array(bits.buffer);
  },
};

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
