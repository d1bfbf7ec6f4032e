// Drives the server's page in Chromium and prints what a person would have seen, as JSON.
//
//   node console.mjs CHROMIUM URL STEPS.json [FOLDER for pictures]
//
// Steps: {"model": "name / version"}, {"draw": [[x, y], ...]} in shares of the board, {"open": FILE},
// {"drop": FILE}, {"example": index}, {"click": id}, {"fill": {"column": value}}, {"predict": true},
// {"look": true} notes what is on the page, {"picture": FILE}, {"theme": "dark"}, {"width": pixels}.
import {execFileSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {chromium} from 'playwright-core'; // 1.61: the last for Debian 12's Node 18

const [browserName, url, stepsFile, folder] = process.argv.slice(2);
const steps = JSON.parse(await readFile(stepsFile, 'utf8'));
const browser = await chromium.launch({
  executablePath: execFileSync('which', [browserName], {encoding: 'utf8'}).trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const seen = [];
const errors = [];
const elsewhere = [];
try {
  const page = await browser.newPage({viewport: {width: 1180, height: 900}});
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', error => errors.push(String(error)));
  page.on('request', request => /^https?:/.test(request.url()) && !request.url().startsWith(url) && elsewhere.push(request.url()));
  await page.goto(url);
  await page.getByText('ready', {exact: true}).waitFor();
  for (const step of steps) {
    await take(page, step);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({seen, errors, elsewhere}));

async function take(page, step) {
  const [[kind, value]] = Object.entries(step);
  switch (kind) {
    case 'model':
      await page.selectOption('#model', {label: value});
      break;
    case 'draw':
      await answered(page, () => draw(page, value));
      break;
    case 'open':
      await answered(page, () => page.setInputFiles('#file', value));
      break;
    case 'drop':
      await answered(page, () => drop(page, value));
      break;
    case 'example':
      await answered(page, () => page.locator('#example-list button').nth(value).click());
      break;
    case 'click':
      await page.click(`#${value}`);
      break;
    case 'fill':
      for (const [column, text] of Object.entries(value)) {
        const field = page.locator(`[name="${column}"]`);
        await (await field.evaluate(e => e.tagName) === 'SELECT' ? field.selectOption(text) : field.fill(text));
      }
      break;
    case 'predict':
      await answered(page, () => page.getByRole('button', {name: 'Predict'}).click());
      break;
    case 'look':
      seen.push(await look(page));
      break;
    case 'theme':
      await page.emulateMedia({colorScheme: value});
      break;
    case 'width':
      await page.setViewportSize({width: value, height: 900});
      break;
    case 'picture':
      await page.screenshot({path: join(folder, value), fullPage: true});
      break;
    default:
      throw new Error(`no such step: ${kind}`);
  }
}

/** Does something that asks the server, and waits until its answer and the load are on the page. */
async function answered(page, act) {
  const answer = page.waitForResponse(response => response.url().includes('/api/predict'));
  await act();
  await answer;
  const load = await page.waitForResponse(response => response.url().includes('/api/load'));
  await load.finished();
  await page.waitForTimeout(400); // the bars' transition
}

async function draw(page, points) {
  const box = await page.locator('#canvas').boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) {
    await page.mouse.move(...at(point), {steps: 4});
  }
  await page.mouse.up();
}

async function drop(page, file) {
  const bytes = (await readFile(file)).toString('base64');
  const data = await page.evaluateHandle(
    ([text, name]) => {
      const transfer = new DataTransfer();
      const content = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      transfer.items.add(new File([content], name, {type: 'image/png'}));
      return transfer;
    },
    [bytes, basename(file)],
  );
  await page.dispatchEvent('#canvas', 'drop', {dataTransfer: data});
}

function look(page) {
  return page.evaluate(() => {
    const text = id => document.getElementById(id).textContent;
    const shown = id => document.getElementById(id).offsetParent !== null;
    const cells = table =>
      [...document.querySelectorAll(`#${table} tbody tr`)].map(row => ({
        name: row.cells[0].firstChild.textContent,
        marked: row.classList.contains('ran'),
        bar: row.querySelector('.bar').getBoundingClientRect().width,
        cells: [...row.cells].slice(1).map(cell => cell.textContent),
      }));
    const canvas = document.getElementById('seen');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return {
      status: text('status'),
      summary: text('summary'),
      answer: shown('answered') ? text('class-name') : null,
      ran: text('ran'),
      refusal: shown('refusal') ? text('refusal') : null,
      drawing: shown('drawing'),
      gate: cells('gate'),
      classes: cells('classes'),
      load: cells('load'),
      rows: text('rows'),
      row: [...pixels.data].filter((_, i) => i % 4 === 0),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
  });
}
