// The answer to a row: class, gate, experts that ran.

const element = id => document.getElementById(id);
const percent = p => `${(100 * p).toFixed(1)}%`;
const MOST_CLASSES = 6;

/** Shows the answer. */
export function showAnswer(model, answer, label) {
  show(true);
  element('class-name').textContent = answer.class_name;
  element('class-probability').textContent = percent(answer.probabilities[answer.class_index]);
  element('ran').textContent = ran(model, answer) + truth(model, answer, label);
  bars(
    element('gate'),
    answer.gate_probabilities.map((p, e) => ({
      name: `expert ${e}`,
      value: p,
      badge: answer.expert_indices.includes(e) ? (model.sparse ? 'ran' : 'chosen') : '',
    })),
  );
  bars(
    element('classes'),
    answer.probabilities
      .map((p, c) => ({name: model.classes[c], value: p, badge: ''}))
      .sort((a, b) => b.value - a.value)
      .slice(0, MOST_CLASSES),
  );
}

/** Shows why there is no answer. */
export function showRefusal(reason) {
  show(false);
  element('nothing').hidden = true;
  element('refusal').textContent = reason;
  element('refusal').hidden = false;
}

/** Shows that nothing was asked yet. */
export function showNothing() {
  show(false);
}

function show(answered) {
  element('answered').hidden = !answered;
  element('nothing').hidden = answered;
  element('refusal').hidden = true;
}

function ran(model, answer) {
  const idle = model.experts - answer.experts_run;
  const chosen = answer.expert_indices.join(', ');
  const who =
    idle > 0
      ? `Expert ${chosen} ran, ${idle} of ${model.experts} stayed idle.`
      : `All ${model.experts} experts ran; the gate's first choice was ${answer.expert_indices[0]}.`;
  return `${who} ${answer.microseconds} µs in the engine.`;
}

function truth(model, answer, label) {
  if (label === undefined) {
    return '';
  }
  return answer.class_index === label ? ' That is right.' : ` In truth it is ${model.classes[label]}.`;
}

function bars(table, rows) {
  const body = table.tBodies[0];
  body.replaceChildren(
    ...rows.map(({name, value, badge}) => {
      const row = document.createElement('tr');
      row.classList.toggle('ran', badge !== '');
      const head = document.createElement('th');
      head.scope = 'row';
      head.textContent = name;
      if (badge) {
        const mark = document.createElement('span');
        mark.className = 'badge';
        mark.textContent = badge;
        head.append(mark);
      }
      const track = document.createElement('div');
      track.className = 'track';
      const bar = document.createElement('div');
      bar.className = 'bar';
      bar.style.width = percent(value);
      track.append(bar);
      row.append(head);
      row.insertCell().append(track);
      row.insertCell().textContent = percent(value);
      return row;
    }),
  );
}
