// Programs that are written, run, fed and stopped in the page.

import { is, like, ok, tests, until } from './harness.mjs';

const ENDLESS = `import time
n = 0
while True:
    n += 1
    print("tick", n)
    time.sleep(0.05)
`;

await tests({
  'a program is run': async page => {
    await page.run('print(sum(range(10)))\n');
    is(await page.ended(), 'Finished', 'it ends well');
    like(await page.output(), /^45\s*$/, 'what it printed is there');
    like(await page.status(), /Time[^]*CPU[^]*Memory/, 'and what it cost');
  },

  'output is live, and Stop stops': async page => {
    await page.run(ENDLESS);
    await page.sees('tick 3');
    is(await page.button('Run').count(), 0, 'while it runs there is Stop');
    like(await page.status(), /Running\s+[\d.]+ s/, 'and the elapsed time');
    await page.button('Stop').click();
    is(await page.ended(), 'Stopped', 'it is stopped');
  },

  'a program is fed': async page => {
    await page.run('name = input("Who? ")\nprint("hello", name)\n'
      + 'import math\ntry:\n    input()\nexcept EOFError:\n'
      + '    print("no more")\n');
    await page.sees('Who?');

    const input = page.page.getByLabel('Input for the program');
    await until('the focus is in the input line', () =>
      input.evaluate(el => el === document.activeElement));

    await page.page.keyboard.type('Ann');
    await page.page.keyboard.press('Enter');
    await page.sees('hello Ann');
    await page.page.keyboard.press('Control+d');
    is(await page.ended(), 'Finished', 'Ctrl-D ends the input');
    like(await page.output(), /Who\? Ann\s+hello Ann\s+no more/,
      'what was typed is where it was typed');
  },

  'stdout and stderr': async page => {
    await page.run('print("good")\nraise ValueError("bad")\n');
    is(await page.ended(), 'ValueError', 'the exception is named');

    const colour = source => page.page
      .locator(`.row [data-source=${source}]`).first()
      .evaluate(el => getComputedStyle(el).color);
    ok(await colour('stdout') !== await colour('stderr'),
      'they differ in colour');
  },
});
