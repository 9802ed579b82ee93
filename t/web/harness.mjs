// Tests of the page, as CodeRemote::Browser reads them: a line for each, and
// lines that ask the test around it to do something with nginx.

import { createInterface } from 'node:readline';
import { launch, Page } from './browser.mjs';

const answers = createInterface({ input: process.stdin })[
  Symbol.asyncIterator
]();

const say = words => process.stdout.write(`${JSON.stringify(words)}\n`);

export const origin = process.env.CR_ORIGIN;

export const ok = (good, name, why) =>
  say({ ok: Boolean(good), name, why: good ? undefined : String(why ?? '') });

export const is = (got, want, name) =>
  ok(
    JSON.stringify(got) === JSON.stringify(want),
    name,
    `got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`,
  );

export const like = (got, pattern, name) =>
  ok(pattern.test(got), name, `${JSON.stringify(got)} is not like ${pattern}`);

export const diag = text => say({ diag: text });

// Has t/*.t do what it calls by that name, and waits until it is done.
export async function ask(what) {
  say({ do: what });
  const { value } = await answers.next();
  return JSON.parse(value ?? 'null');
}

// Each test has a page of its own in a new profile.  One that dies is one that
// failed, and the others go on.
export async function tests(list, options = {}) {
  const browser = await launch();

  try {
    for (const [name, act] of Object.entries(list)) {
      if (process.env.CR_WEB && !name.includes(process.env.CR_WEB)) {
        continue;
      }

      const from = Date.now();
      let page;

      try {
        page = await Page.open(browser, options.origin ?? origin, options);
        await act(page, browser);
        const expects = [...(options.expects ?? []), ...page.expects];
        is(page.problems.filter(p => !expects.some(e => e.test(p))), [],
          `${name}: no error in the page`);
        is(page.strangers(options.also), [], `${name}: nothing left the origin`);
      } catch (error) {
        ok(false, name, error.stack);
        if (process.env.CR_WEB_SHOTS) {
          const file = name.replace(/\W+/g, '-');
          await page?.shot(`${process.env.CR_WEB_SHOTS}/failed-${file}.png`);
        }
      }

      diag(`${name}: ${Date.now() - from} ms`);
      await page?.close();
    }
  } finally {
    await browser.close();
  }

  process.exit();
}

// Polls until it is so.
export async function until(what, test, ms = 20_000) {
  const deadline = Date.now() + ms * Number(process.env.CR_SLOW ?? 1);
  let last;

  while (Date.now() < deadline) {
    last = await test();
    if (last) {
      return last;
    }
    await new Promise(wake => setTimeout(wake, 50));
  }
  throw new Error(`${what}: not within ${ms} ms`);
}
