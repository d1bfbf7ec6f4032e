// Runs a portable model in ONNX Runtime for Node and prints its outputs as one JSON object, each
// float as its eight hexadecimal digits, so that answers can be compared bit by bit.
//
// node portable.mjs MODEL_ONNX ROWS_FILE DIMS
//
// ROWS_FILE holds little-endian 32-bit floats, raw values; DIMS is the shape of a row, as in 1,8,8.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, file, dims] = process.argv.slice(2);
const shape = dims.split(',').map(Number);
const bytes = readFileSync(file);
const values = new Float32Array(
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
);
const rows = values.length / shape.reduce((a, b) => a * b, 1);

const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
const outputs = await session.run({
  [session.inputNames[0]]: new ort.Tensor('float32', values, [rows, ...shape]),
});

function bits(data) {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0'));
}

const printed = {};
for (const name of session.outputNames) {
  const { data, dims: outputDims, type } = outputs[name];
  printed[name] = {
    dims: outputDims,
    values: type === 'float32' ? bits(data) : Array.from(data, Number),
  };
}
console.log(JSON.stringify(printed));
