// A server that takes one program a minute.

import { is, like, tests, until } from './harness.mjs';

await tests({
  'too much at once': async page => {
    await page.run('print(1)\n');
    is(await page.ended(), 'Finished', 'the first one is run');
    await page.page.keyboard.press('Control+Enter');
    const button = page.page.getByRole('button', { name: /^Run in \d+ s$/ });
    await button.waitFor();
    is(await button.isDisabled(), true, 'the next one has to wait');
    like(await page.status(), /Not run/, 'it is said that it was not run');
    like(await page.banner().innerText(), /tried again in \d+ s/, 'and when');

    const left = async () =>
      Number(/\d+/.exec(await button.innerText())[0]);
    const before = await left();
    await until('it counts down', async () => await left() < before);
  },
});
