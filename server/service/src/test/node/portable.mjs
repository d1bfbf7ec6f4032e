// Runs a portable model in an ONNX Runtime of JavaScript and prints its outputs as one JSON object,
// each float as its eight hexadecimal digits, so that answers can be compared bit by bit.
//
// node portable.mjs RUNTIME MODEL_ONNX ROWS_FILE TYPE DIMS
//
// RUNTIME is onnxruntime-node or onnxruntime-web, TYPE float32 or uint8. ROWS_FILE holds raw
// values of that type, floats in little-endian order; DIMS is the shape of a row, as in 1,8,8.
import { readFileSync } from 'node:fs';

const [runtime, model, file, type, dims] = process.argv.slice(2);
const imported = await import(runtime);
const ort = imported.InferenceSession ? imported : imported.default;
ort.env.wasm.numThreads = 1;

const shape = dims.split(',').map(Number);
const bytes = new Uint8Array(readFileSync(file));
const values = type === 'float32' ? new Float32Array(bytes.buffer) : bytes;
const rows = values.length / shape.reduce((a, b) => a * b, 1);

const session = await ort.InferenceSession.create(readFileSync(model), { intraOpNumThreads: 1 });
const outputs = await session.run({
  [session.inputNames[0]]: new ort.Tensor(type, values, [rows, ...shape]),
});

function bits(data) {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0'));
}

const printed = {};
for (const name of session.outputNames) {
  const { data, dims: outputDims, type: element } = outputs[name];
  printed[name] = {
    dims: outputDims,
    values: element === 'float32' ? bits(data) : Array.from(data, Number),
  };
}
console.log(JSON.stringify(printed));
