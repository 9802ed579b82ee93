// A figure that a program draws, in the page.

import { is, ok, tests, until } from './harness.mjs';

await tests({
  'a figure is drawn': async page => {
    await page.button('Examples').click();
    await page.page.getByRole('button', { name: 'A figure' }).click();
    await page.run();
    is(await page.ended(), 'Finished', 'the example runs');

    const image = page.page.getByRole('img', { name: 'figure-1.png' });
    await image.waitFor();
    await until('it has its size', () => image.evaluate(i => i.complete
      && i.naturalWidth === 640 && i.naturalHeight === 480));
    const colours = await image.evaluate(i => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      canvas.width = i.naturalWidth;
      canvas.height = i.naturalHeight;
      context.drawImage(i, 0, 0);
      const { data } = context.getImageData(0, 0, 640, 480);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    ok(colours > 50, 'and there is something on it', `${colours} colours`);
  },
});
