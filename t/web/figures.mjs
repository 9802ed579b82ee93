// How long a person waits.  Told, not asserted: machines differ.

import { Page } from './browser.mjs';
import { diag, ok, origin, tests } from './harness.mjs';

const ROUNDS = 5;

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];

await tests({
  figures: async (_, browser) => {
    const typing = [];
    const output = [];
    let loaded;

    for (let round = 0; round < ROUNDS; round++) {
      const page = await Page.open(browser, origin, { path: '/silent.html' });

      // What can be typed into is there and has the focus.
      await page.page.addInitScript(() => {
        const seen = () => {
          if (document.activeElement?.matches('textarea')) {
            globalThis.typing = performance.now();
            globalThis.loaded = performance.getEntriesByType('resource')
              .concat(performance.getEntriesByType('navigation'))
              .filter(e => /\.(js|css|svg)$|\/$/.test(new URL(e.name).pathname))
              .map(e => [new URL(e.name).pathname, e.encodedBodySize]);
          } else {
            requestAnimationFrame(seen);
          }
        };
        seen();
      });
      await page.page.goto(`${origin}/`);
      await page.page.waitForFunction(() => globalThis.typing);
      typing.push(await page.page.evaluate(() => globalThis.typing));
      loaded = await page.page.evaluate(() => globalThis.loaded);

      await page.write('print("out")\n');
      await page.page.evaluate(() => {
        addEventListener('click', e => {
          if (e.target.closest('[data-look=primary]')) {
            globalThis.clicked = performance.now();
          }
        }, true);
        new MutationObserver(() => {
          if (document.querySelector('.row')) {
            globalThis.first ??= performance.now();
          }
        }).observe(document.querySelector('.rows'),
          { childList: true, subtree: true });
      });
      await page.button('Run').click();
      await page.sees('out');
      output.push(await page.page.evaluate(() =>
        globalThis.first - globalThis.clicked));
      await page.close();
    }

    const kb = bytes => `${(bytes / 1024).toFixed(1)} KB`;

    diag(`navigation to typing: ${median(typing).toFixed(0)} ms`);
    diag(`click to the first output shown: ${median(output).toFixed(0)} ms`);
    for (const [path, bytes] of loaded) {
      diag(`before typing: ${path} ${kb(bytes)}`);
    }
    const sum = loaded.reduce((all, [, bytes]) => all + bytes, 0);
    diag(`before typing, all, compressed: ${kb(sum)}`);
    ok(sum < 200 * 1024, 'what comes before typing is small', kb(sum));
  },
});
