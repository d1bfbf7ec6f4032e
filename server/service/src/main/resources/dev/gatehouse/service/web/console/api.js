// What the server is asked.

async function json(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) {
    throw new Refused(body.error);
  }
  return body;
}

/** The server understood and said no; any other failure means that it is not there. */
export class Refused extends Error {}

export const models = () => json('/api/models');

export const load = () => json('/api/load');

export const examples = model => json(`/api/examples?${address(model)}`);

/** Asks for the answer to one row of raw values. */
export const predict = (model, values) =>
  json(`/api/predict?${address(model)}`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({values: Array.from(values)}),
  });

const address = model => new URLSearchParams({model: model.model, version: model.version});
