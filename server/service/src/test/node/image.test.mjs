// The page's arithmetic of pixels, against values computed by hand.
//
//   node image.test.mjs FOLDER of the page's files
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

// As text: Node 18 takes a .js file without a package beside it for a script, not for a module.
const module = async name =>
  import(`data:text/javascript,${encodeURIComponent(await readFile(join(process.argv[2], name), 'utf8'))}`);
const {edgeColour, frame, inverted, isOnPaper, planes, resample, row} = await module('image.js');
const {imbalance} = await module('load.js');
const plane = (width, ...values) => ({width, height: values.length / width, values: Float64Array.from(values)});
const picture = (width, ...greys) => ({
  width,
  height: greys.length / width,
  data: Uint8ClampedArray.from(greys.flatMap(g => [g, g, g, 255])),
});
const whole = ({width, height}) => ({x: 0, y: 0, width, height});

const tests = {
  'halving takes the mean of four pixels'() {
    const small = resample(plane(4, 0, 4, 8, 8, 8, 4, 8, 8, 1, 1, 0, 2, 1, 1, 4, 6), {x: 0, y: 0, width: 4, height: 4}, 2, 2);
    assert.deepEqual([...small.values], [4, 8, 1, 3]);
  },
  'pixels count by the part that is covered'() {
    // Three pixels to two: the middle one is halved.
    const small = resample(plane(3, 30, 60, 90), {x: 0, y: 0, width: 3, height: 1}, 2, 1);
    assert.deepEqual([...small.values].map(v => Math.round(v * 1e6) / 1e6), [40, 80]);
  },
  'outside lies nothing'() {
    const small = resample(plane(1, 100), {x: -1, y: 0, width: 2, height: 1}, 2, 1);
    assert.deepEqual([...small.values], [0, 100]);
  },
  'the same size changes nothing'() {
    const values = Array.from({length: 12}, (_, i) => 7 * i);
    const same = plane(4, ...values);
    assert.deepEqual([...resample(same, whole(same), 4, 3).values], values);
  },
  'grey is 0.299 R + 0.587 G + 0.114 B, and colours stay apart'() {
    const image = {width: 1, height: 1, data: Uint8ClampedArray.from([100, 200, 50, 255])};
    assert.ok(Math.abs(planes(image, 1)[0].values[0] - 153) < 1e-9);
    assert.deepEqual(planes(image, 3).map(p => p.values[0]), [100, 200, 50]);
  },
  'a centred frame has the centre of mass in its middle and the ink in 20 of 28 pixels'() {
    // Ink in the columns 4 to 7 of the rows 1 to 2: 4 wide, centre of mass (6, 2).
    const ink = plane(10, ...Array.from({length: 50}, (_, i) => (i % 10 >= 4 && i % 10 < 8 && i >= 10 && i < 30 ? 200 : 0)));
    const box = frame(ink, true);
    const side = (4 * 28) / 20;
    for (const [key, value] of Object.entries({x: 6 - side / 2, y: 2 - side / 2, width: side, height: side})) {
      assert.ok(Math.abs(box[key] - value) < 1e-9, key);
    }
  },
  'a frame that is not centred is the square around the picture'() {
    assert.deepEqual(frame(plane(4, 0, 255, 0, 0, 0, 0, 0, 0), false), {x: 0, y: -1, width: 4, height: 4});
  },
  'there is no row without ink'() {
    assert.equal(row(picture(2, 0, 0, 0, 0), [1, 2, 2], {centred: true, invert: false}), null);
  },
  'dark ink on paper is seen as such and turned round'() {
    assert.ok(isOnPaper(plane(3, 255, 250, 255, 240, 0, 255, 255, 255, 255)));
    assert.ok(!isOnPaper(plane(3, 0, 0, 0, 0, 255, 0, 0, 0, 0)));
    assert.deepEqual([...inverted(plane(2, 255, 10)).values], [0, 245]);
    assert.deepEqual([...row(picture(2, 255, 0, 255, 255), [1, 2, 2], {centred: false, invert: true})], [0, 255, 0, 0]);
  },
  'the colour of an edge is the mean of its pixels'() {
    // Nine pixels; the one in the middle counts for nothing, and the last of the edge is another.
    const colours = [...Array(4).fill([10, 20, 30]), [255, 0, 255], ...Array(3).fill([10, 20, 30]), [90, 100, 190]];
    const image = {width: 3, height: 3, data: Uint8ClampedArray.from(colours.flatMap(c => [...c, 255]))};
    assert.deepEqual(edgeColour(image), [20, 30, 50]);
  },
  'a picture has ink where any of its colours has'() {
    const green = {width: 1, height: 1, data: Uint8ClampedArray.from([0, 200, 0, 255])};
    assert.deepEqual([...row(green, [3, 1, 1], {centred: false, invert: false})], [0, 200, 0]);
    const black = {width: 1, height: 1, data: Uint8ClampedArray.from([0, 0, 0, 255])};
    assert.equal(row(black, [3, 1, 1], {centred: false, invert: false}), null);
  },
  'imbalance is the deviation of a sample over its mean'() {
    // 1, 2 and 3: mean 2, squares 1 + 0 + 1 over M - 1 = 2.
    assert.equal(imbalance([1, 2, 3]), 0.5);
    assert.equal(imbalance([4, 4, 4]), 0);
    assert.equal(imbalance([7]), 0);
    assert.ok(Number.isNaN(imbalance([0, 0])));
  },
  'a row of colours has its channels one after the other'() {
    const image = {width: 2, height: 1, data: Uint8ClampedArray.from([10, 20, 30, 255, 40, 50, 60, 255])};
    const values = row({...image}, [3, 2, 2], {centred: true, invert: false});
    // The picture lies across the middle of a square: half a row above and below is empty.
    assert.deepEqual([...values], [5, 20, 5, 20, 10, 25, 10, 25, 15, 30, 15, 30]);
  },
};

for (const [name, test] of Object.entries(tests)) {
  try {
    test();
  } catch (failure) {
    failure.message = `${name}: ${failure.message}`;
    throw failure;
  }
}
console.log(JSON.stringify({passed: Object.keys(tests).length}));
