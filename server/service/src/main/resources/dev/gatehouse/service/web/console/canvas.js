// A black board to draw on in white, or to drop an image onto.

import {edgeColour} from './image.js';

/** Makes the canvas one; `changed` is called when there is something new on it. */
export function board(canvas, changed) {
  const context = canvas.getContext('2d', {willReadFrequently: true});
  let last = null;

  const clear = () => {
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };

  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / box.width,
      ((event.clientY - box.top) * canvas.height) / box.height,
    ];
  };

  const line = (from, to) => {
    context.strokeStyle = '#fff';
    context.lineWidth = canvas.width / 14;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };

  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, last);
    changed('drawn');
  });
  canvas.addEventListener('pointermove', event => {
    if (last) {
      const now = place(event);
      line(last, now);
      last = now;
      changed('drawn');
    }
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, () => (last = null));
  }

  const show = async file => {
    const bitmap = await createImageBitmap(file);
    clear();
    const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    const [left, top] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    const draw = () => context.drawImage(bitmap, left, top, width, height);
    context.imageSmoothingQuality = 'high';
    draw();
    // What lies beside a picture that is no square goes on as its edge does: paper beside paper.
    const whole = [Math.ceil(left), Math.ceil(top), Math.max(1, Math.floor(width)), Math.max(1, Math.floor(height))];
    context.fillStyle = `rgb(${edgeColour(context.getImageData(...whole)).join(' ')})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    draw();
    bitmap.close();
    changed('opened');
  };

  clear();
  return {clear, show, pixels: () => context.getImageData(0, 0, canvas.width, canvas.height)};
}
