// Live expert load of one model.

const element = id => document.getElementById(id);
const MINUTE = 60_000;
const RATE_WINDOW = 5_000;

const sum = values => values.reduce((a, b) => a + b, 0);
const shares = hits => {
  const all = sum(hits);
  return hits.map(h => (all ? h / all : 0));
};

/** Standard deviation, with M - 1 for M experts, over mean of the hits; 0 for one, NaN without any hit. */
export function imbalance(hits) {
  const mean = sum(hits) / hits.length;
  return Math.sqrt(sum(hits.map(h => (h - mean) ** 2)) / Math.max(1, hits.length - 1)) / mean;
}

/** exp(H) of the hit shares, H in nats; NaN without any hit. */
export function effectiveExperts(hits) {
  return sum(hits) ? Math.exp(-sum(shares(hits).map(p => (p ? p * Math.log(p) : 0)))) : NaN;
}

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

/** A view of the load of `model`; `update` takes what the server counts. */
export function loadView(model) {
  const body = element('load').tBodies[0];
  const rows = model.baseline.map((share, e) => expertRow(e, share));
  body.replaceChildren(...rows.map(row => row.element));
  const seen = [];

  return {
    update(load, now) {
      seen.push({now, ...load});
      while (now - seen[0].now > MINUTE) {
        seen.shift();
      }
      const before = seen[0];
      const recent = load.hits.map((h, e) => h - before.hits[e]);
      const last = seen.length > 1 ? seen.at(-2) : before;
      const all = shares(load.hits);
      const minute = shares(recent);
      const scale = Math.max(...all, ...model.baseline);
      rows.forEach((row, e) =>
        row.update({
          share: all[e],
          scale,
          minute: sum(recent) ? `${(100 * minute[e]).toFixed(1)}%` : '-',
          hits: load.hits[e],
          computed: load.computed_rows[e],
          hit: load.hits[e] > last.hits[e],
        }),
      );
      element('rows').textContent = load.rows.toLocaleString('en');
      element('rate').textContent = number(rate(seen), 1);
      element('imbalance').textContent = number(imbalance(load.hits), 2);
      element('effective').textContent = `${number(effectiveExperts(load.hits), 2)} of ${model.experts}`;
      const saved = 1 - sum(load.computed_rows) / (load.rows * model.experts);
      element('saved').textContent = Number.isFinite(saved) ? `${(100 * saved).toFixed(0)}%` : '-';
    },
  };
}

/** Rows a second over the last few seconds. */
function rate(seen) {
  const last = seen.at(-1);
  const first = seen.find(s => last.now - s.now <= RATE_WINDOW);
  return last.now > first.now ? (1000 * (last.rows - first.rows)) / (last.now - first.now) : 0;
}

function expertRow(expert, baseline) {
  const row = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = `expert ${expert}`;
  const track = document.createElement('div');
  track.className = 'track';
  const bar = document.createElement('div');
  bar.className = 'bar';
  const mark = document.createElement('div');
  mark.className = 'mark';
  mark.title = `baseline ${(100 * baseline).toFixed(1)}%`;
  track.append(bar, mark);
  row.append(head);
  const wide = row.insertCell();
  wide.className = 'wide';
  wide.append(track);
  const cells = [0, 1, 2, 3].map(() => row.insertCell());
  return {
    element: row,
    update({share, scale, minute, hits, computed, hit}) {
      bar.style.width = `${(100 * share) / scale}%`;
      mark.style.left = `${(100 * baseline) / scale}%`;
      const texts = [`${(100 * share).toFixed(1)}%`, minute, hits.toLocaleString('en'), computed.toLocaleString('en')];
      texts.forEach((text, i) => (cells[i].textContent = text));
      if (hit) {
        row.classList.remove('hit');
        void row.offsetWidth; // so that the animation starts anew
        row.classList.add('hit');
      }
    },
  };
}
