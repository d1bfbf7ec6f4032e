// Pixels to a model's row. A plane is {width, height, values}, row-major.

/** Planes of an ImageData: one of grey, or three of red, green and blue; 0 to 255. */
export function planes({width, height, data}, channels) {
  const count = width * height;
  const made = Array.from({length: channels}, () => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [data[4 * i], data[4 * i + 1], data[4 * i + 2]];
    if (channels === 1) {
      made[0][i] = 0.299 * r + 0.587 * g + 0.114 * b;
    } else {
      [made[0][i], made[1][i], made[2][i]] = [r, g, b];
    }
  }
  return made.map(values => ({width, height, values}));
}

/** The plane in another size: each new pixel is the mean of what it covers; outside lies 0. */
export function resample(plane, box, width, height) {
  const values = new Float64Array(width * height);
  const across = covers(box.x, box.width / width, width, plane.width);
  const down = covers(box.y, box.height / height, height, plane.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, rowWeight] of down[y]) {
        for (const [column, weight] of across[x]) {
          sum += rowWeight * weight * plane.values[row * plane.width + column];
        }
      }
      values[y * width + x] = sum;
    }
  }
  return {width, height, values};
}

/** For each new pixel of an axis: the old ones that it covers, and what part of it each fills. */
function covers(start, step, count, length) {
  return Array.from({length: count}, (_, i) => {
    const from = start + i * step;
    const to = from + step;
    const parts = [];
    for (let at = Math.max(0, Math.floor(from)); at < Math.min(length, Math.ceil(to)); at++) {
      const overlap = Math.min(at + 1, to) - Math.max(at, from);
      if (overlap > 0) {
        parts.push([at, overlap / step]);
      }
    }
    return parts;
  });
}

/** The share of a square picture that MNIST's digits fill: a box of 20 of 28 pixels. */
const FILLED = 20 / 28;
const INK = 32;

/**
 * The square of the picture that a row is made of: all of it, or, centred as MNIST's digits are,
 * what holds the ink's centre of mass in its middle and the ink in 20 of 28 pixels. Null without ink.
 */
export function frame(plane, centred) {
  let [left, right, top, bottom] = [plane.width, -1, plane.height, -1];
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < plane.width; x++) {
      const value = plane.values[y * plane.width + x];
      if (value > INK) {
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
      mass += value;
      sumX += value * (x + 0.5);
      sumY += value * (y + 0.5);
    }
  }
  if (right < 0) {
    return null;
  }
  if (!centred) {
    const side = Math.max(plane.width, plane.height);
    return {x: (plane.width - side) / 2, y: (plane.height - side) / 2, width: side, height: side};
  }
  const side = Math.max(right - left + 1, bottom - top + 1) / FILLED;
  return {x: sumX / mass - side / 2, y: sumY / mass - side / 2, width: side, height: side};
}

/** The mean over the pixels of a plane's edge. */
function edgeMean({width, height, values}) {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        sum += values[y * width + x];
        count++;
      }
    }
  }
  return sum / count;
}

/** The mean red, green and blue of an ImageData's edge. */
export const edgeColour = image => planes(image, 3).map(edgeMean);

/** True where the picture's edge is light: dark ink on paper, as photographs of digits are. */
export const isOnPaper = plane => edgeMean(plane) > 127.5;

export const inverted = ({width, height, values}) => ({width, height, values: values.map(v => 255 - v)});

/** The row of a picture, [channels, height, width], 0 to 255; null for an empty one. */
export function row(image, [channels, height, width], {centred, invert}) {
  const drawn = planes(image, channels).map(plane => (invert ? inverted(plane) : plane));
  // Each colour that has ink has the same frame: only grey is centred.
  const box = drawn.map(plane => frame(plane, centred && channels === 1)).find(found => found !== null);
  if (box === undefined) {
    return null;
  }
  return Uint8ClampedArray.from(drawn.flatMap(plane => [...resample(plane, box, width, height).values]));
}

/** Paints a row, [channels, height, width] of 0 to 255, on a canvas of its size. */
export function paint(canvas, values, [channels, height, width]) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const count = width * height;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      image.data[4 * i + c] = values[channels === 1 ? i : c * count + i];
    }
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}
