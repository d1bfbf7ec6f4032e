// The page: one model at a time, its load once a second.

import * as api from './api.js';
import {showAnswer, showNothing, showRefusal} from './answer.js';
import {board} from './canvas.js';
import {isOnPaper, paint, planes, row} from './image.js';
import {loadView} from './load.js';

const element = id => document.getElementById(id);
const EVERY = 1000;
const SETTLE = 250;

let models = [];
let model = null;
let view = null;
let asked = 0;
let settling = 0;

const canvas = board(element('canvas'), changed);

const shape = () => model.input.shape;
const isImage = ({input}) =>
  input.datatype === 'uint8' && input.shape.length === 3 && [1, 3].includes(input.shape[0]);

async function ask(values, label) {
  const question = ++asked;
  const of = model;
  try {
    const answer = await api.predict(of, values);
    if (question === asked) {
      showAnswer(of, answer, label);
    }
    await refresh();
  } catch (failure) {
    if (question === asked) {
      showRefusal(failure instanceof api.Refused ? failure.message : 'The server cannot be reached.');
    }
  }
}

/** Something new is on the canvas: asks once the pen has rested for a moment. */
function changed(how) {
  element('hint').hidden = true;
  if (how === 'opened') {
    const grey = planes(canvas.pixels(), 1)[0];
    element('centre').checked = false;
    element('invert').checked = shape()[0] === 1 && isOnPaper(grey);
  } else if (how === 'drawn') {
    element('invert').checked = false;
  }
  clearTimeout(settling);
  settling = setTimeout(askCanvas, SETTLE);
}

function askCanvas() {
  const values = row(canvas.pixels(), shape(), {
    centred: element('centre').checked,
    invert: element('invert').checked,
  });
  if (values !== null) {
    paint(element('seen'), values, shape());
    ask(values);
  }
}

function clear() {
  clearTimeout(settling);
  asked++;
  canvas.clear();
  element('hint').hidden = false;
  element('invert').checked = false;
  element('centre').checked = shape()[0] === 1;
  paint(element('seen'), new Uint8Array(shape().reduce((a, b) => a * b)), shape());
  showNothing();
}

async function refresh() {
  try {
    const loads = await api.load();
    state('ready', false);
    const load = loads.find(l => l.model === model.model && l.version === model.version);
    if (load) {
      view.update(load, performance.now());
    }
  } catch {
    state('not reachable, trying again', true);
  }
}

function state(text, away) {
  element('status').textContent = text;
  element('status').classList.toggle('away', away);
}

function choose(chosen) {
  model = chosen;
  view = loadView(model);
  element('summary').textContent = summary(model);
  element('drawing').hidden = !isImage(model);
  element('table').hidden = isImage(model);
  if (isImage(model)) {
    element('shape').textContent = shape().join(' x ');
    clear();
  } else {
    asked++;
    showNothing();
    form(model);
  }
  showExamples(model);
  refresh();
}

function summary({experts, k, sparse, rule, dataset, test_rows: rows, test_accuracy: accuracy}) {
  const some = rule === 'certified' ? 'as many as make its class certain' : `${k} of them`;
  const runs =
    experts === 1
      ? 'One network, no gate.'
      : `${experts} experts, ${rule}: a row runs ${sparse ? some : 'all of them'}.`;
  return accuracy === null
    ? `${runs} Imported: nobody measured it here.`
    : `${runs} ${(100 * accuracy).toFixed(1)}% of ${rows} test rows of ${dataset} are right.`;
}

async function showExamples(of) {
  const list = element('example-list');
  list.replaceChildren();
  const {rows, labels} = await api.examples(of);
  if (of !== model) {
    return;
  }
  list.classList.toggle('words', !isImage(of));
  list.replaceChildren(...rows.map((values, i) => example(of, values, labels?.[i])));
  element('examples').hidden = false;
}

function example(of, values, label) {
  const known = label !== undefined;
  const button = document.createElement('button');
  button.type = 'button';
  button.title = known ? of.classes[label] : 'a row of unknown class';
  button.setAttribute('aria-label', known ? `a row of class ${of.classes[label]}` : button.title);
  if (isImage(of)) {
    const picture = document.createElement('canvas');
    paint(picture, values, shape());
    button.append(picture);
  } else {
    button.textContent = known ? of.classes[label] : 'unknown';
  }
  button.addEventListener('click', () => {
    if (isImage(of)) {
      clear();
      paint(element('seen'), values, shape());
    } else {
      fill(values);
    }
    ask(values, label);
  });
  const item = document.createElement('li');
  item.append(button);
  return item;
}

/** A field for each column of a table's row, or for each element of a plain one. */
function form({input}) {
  const columns =
    input.normalisation.columns ??
    Array.from({length: input.shape.reduce((a, b) => a * b)}, (_, i) => ({name: `${i}`, mean: 0}));
  const fields = columns.map(column => {
    const label = document.createElement('label');
    label.textContent = column.name;
    const field = document.createElement(column.values ? 'select' : 'input');
    field.name = column.name;
    if (column.values) {
      field.append(...column.values.map((value, i) => new Option(value, i)));
    } else {
      field.type = 'number';
      field.step = 'any';
      field.value = Number(column.mean.toPrecision(4));
    }
    label.append(field);
    return label;
  });
  const button = document.createElement('button');
  button.textContent = 'Predict';
  element('table').replaceChildren(...fields, button);
}

const fields = () => [...element('table').querySelectorAll('input, select')];

function fill(values) {
  fields().forEach((field, i) => (field.value = values[i]));
}

element('table').addEventListener('submit', event => {
  event.preventDefault();
  ask(fields().map(field => Number(field.value)));
});
element('clear').addEventListener('click', clear);
element('centre').addEventListener('change', askCanvas);
element('invert').addEventListener('change', askCanvas);

async function open(file) {
  try {
    await canvas.show(file);
  } catch {
    showRefusal(`${file.name} is no image that this browser can read.`);
  }
}

element('file').addEventListener('change', event => {
  const [file] = event.target.files;
  event.target.value = '';
  if (file) {
    open(file);
  }
});
document.addEventListener('dragover', event => {
  event.preventDefault();
  element('canvas').parentElement.classList.add('over');
});
document.addEventListener('dragleave', () => element('canvas').parentElement.classList.remove('over'));
document.addEventListener('drop', event => {
  event.preventDefault();
  element('canvas').parentElement.classList.remove('over');
  const [file] = event.dataTransfer.files;
  if (file && isImage(model)) {
    open(file);
  }
});
element('model').addEventListener('change', event => choose(models[event.target.value]));

async function start() {
  element('origin').textContent = location.origin;
  try {
    models = await api.models();
  } catch {
    state('not reachable, trying again', true);
    setTimeout(start, EVERY);
    return;
  }
  element('model').replaceChildren(...models.map((m, i) => new Option(`${m.model} / ${m.version}`, i)));
  choose(models[0]);
  setInterval(() => document.visibilityState === 'visible' && refresh(), EVERY);
}

start();
