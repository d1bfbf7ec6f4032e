// What a user of onnxruntime-node would put behind the Open Inference Protocol. Prints its port as
// a line of JSON, and ends when its standard input does.
//
// node peer.mjs PROTO_FOLDER MODEL_ONNX THREADS_AN_OPERATION
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import ort from 'onnxruntime-node';

const [protos, model, threads] = process.argv.slice(2);
const definition = loader.loadSync(join(protos, 'inference/open_inference.proto'), {
  keepCase: true,
  longs: Number,
  defaults: true,
  oneofs: true,
});
const { GRPCInferenceService } = grpc.loadPackageDefinition(definition).inference;
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
});
const fetches = ['probabilities', 'class'];

// A tensor's memory must begin at a multiple of four; a message's field need not.
function floats(bytes) {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.prototype.slice.call(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

async function infer({ request }, answer) {
  try {
    const [input] = request.inputs;
    const values = floats(request.raw_input_contents[0]);
    const outputs = await session.run(
      { [session.inputNames[0]]: new ort.Tensor('float32', values, input.shape) },
      fetches,
    );
    answer(null, {
      outputs: fetches.map((name) => ({
        name,
        datatype: outputs[name].type === 'float32' ? 'FP32' : 'INT64',
        shape: outputs[name].dims,
      })),
      raw_output_contents: fetches.map((name) => {
        const { buffer, byteOffset, byteLength } = outputs[name].data;
        return Buffer.from(buffer, byteOffset, byteLength);
      }),
    });
  } catch (error) {
    answer({ code: grpc.status.INTERNAL, details: String(error) });
  }
}

const server = new grpc.Server();
server.addService(GRPCInferenceService.service, { ModelInfer: infer });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(JSON.stringify({ port }));
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
