// There is no sandbox; later there is one.

import { ask, is, like, ok, tests } from './harness.mjs';

await tests({
  'the sandbox is away, and comes back': async page => {
    const away = page.banner().getByText('The sandbox is away');
    await away.waitFor();
    await page.run('print("now")\n');
    is(await page.ended(), 'Not run', 'nothing can be run');
    like(await page.status(), /sandbox/, 'and why');
    is(await ask('bring'), true, 'a sandbox is started');
    await away.waitFor({ state: 'detached' });
    await page.run();
    await page.sees('now');
    ok(true, 'the page noticed, and programs run');
  },
}, { expects: [/503/] });
