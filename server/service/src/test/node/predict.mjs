// Sends rows of raw bytes to a server through both of its services, with the client that Node's
// users have, and prints what came back as one JSON object.
//
// node predict.mjs HOST:PORT PROTO_FOLDER MODEL ROWS_FILE ROW_BYTES DIMS
//
// ROWS_FILE holds rows of ROW_BYTES unsigned bytes; DIMS is the shape of a row, as in 1,8,8.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [target, protos, model, file, rowBytes, dims] = process.argv.slice(2);
const values = readFileSync(file);
const rows = values.length / Number(rowBytes);

function load(proto) {
  const definition = loader.loadSync(join(protos, proto), {
    keepCase: true,
    longs: Number,
    defaults: true,
    oneofs: true,
  });
  return grpc.loadPackageDefinition(definition);
}

function call(client, method, request) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 30_000;
    client[method](request, { deadline }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

const credentials = grpc.credentials.createInsecure();

async function predict() {
  const { PredictionService } = load('gatehouse/v1/prediction.proto').gatehouse.v1;
  const client = new PredictionService(target, credentials);
  const answer = await call(client, 'Predict', {
    model,
    tensor: { rows, uint8: values },
    routing: true,
  });
  client.close();
  return {
    classes: answer.predictions.map((p) => p.class_index),
    experts: answer.predictions.map((p) => p.routing.expert_indices),
    gate: answer.predictions.map((p) => p.routing.gate_probabilities),
    probabilities: answer.predictions.map((p) => p.probabilities),
  };
}

// Raw outputs are little-endian, packed, in the order of outputs.
function raw(answer, name) {
  const index = answer.outputs.findIndex((output) => output.name === name);
  const { datatype, shape } = answer.outputs[index];
  const bytes = answer.raw_output_contents[index];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = shape.length === 1 ? 1 : shape[1];
  const read =
    datatype === 'FP32'
      ? (at) => view.getFloat32(4 * at, true)
      : (at) => Number(view.getBigInt64(8 * at, true));
  return Array.from({ length: shape[0] }, (_, row) =>
    Array.from({ length: width }, (_, i) => read(row * width + i)),
  );
}

async function infer() {
  const { GRPCInferenceService } = load('inference/open_inference.proto').inference;
  const client = new GRPCInferenceService(target, credentials);
  const metadata = await call(client, 'ModelMetadata', { name: model });
  const answer = await call(client, 'ModelInfer', {
    model_name: model,
    inputs: [
      {
        name: metadata.inputs[0].name,
        datatype: 'UINT8',
        shape: [rows, ...dims.split(',').map(Number)],
      },
    ],
    outputs: ['probabilities', 'class', 'gate_probabilities', 'expert_indices'].map((name) => ({
      name,
    })),
    raw_input_contents: [values],
  });
  client.close();
  return {
    classes: raw(answer, 'class').map(([index]) => index),
    experts: raw(answer, 'expert_indices'),
    gate: raw(answer, 'gate_probabilities'),
    probabilities: raw(answer, 'probabilities'),
  };
}

console.log(JSON.stringify({ predict: await predict(), infer: await infer() }));
