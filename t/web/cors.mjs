// Pages of other origins, in a real browser, which keeps from them what they
// may not have: t/cors_browser.t says which may.

import { DEADLINE, launch } from './browser.mjs';
import { is, ok, origin } from './harness.mjs';

const token = process.env.CR_TOKEN;
const [friend, stranger] = process.env.CR_PAGES.split(' ');

// What a page there gets for each of the questions.
async function asks(browser, where) {
  const context = await browser.newContext();
  const page = await context.newPage();

  page.setDefaultTimeout(DEADLINE);
  await page.goto(`${where}/page`);

  const told = await page.evaluate(
    async ({ origin, token }) => {
      const ask = async (path, options, ...fields) => {
        try {
          const answer = await fetch(origin + path, options);
          const head = fields.map(f => answer.headers.get(f) !== null);
          const body = await answer.text();
          return [answer.status, ...head, body.includes('"hello')];
        } catch (error) {
          return error.name;
        }
      };

      const post = headers => ({
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${token}`,
          ...headers,
        },
        body: JSON.stringify({ code: 'print("hello")' }),
      });

      const events = id =>
        new Promise(done => {
          const source = new EventSource(
            `${origin}/open/jobs/${id}/events`,
          );
          source.addEventListener('job.result', event => {
            source.close();
            done(JSON.parse(event.data).result.stdout);
          });
          source.onerror = () => {
            source.close();
            done('error');
          };
        });

      const waits = post({ Prefer: 'wait=20' });

      // A page that may not read the answer does not know its job.
      const job = await fetch(`${origin}/open`, post())
        .then(answer => answer.json())
        .catch(() => ({ job_id: 'none' }));

      const stop = { method: 'DELETE', headers: waits.headers };
      const cookies = { ...post(), credentials: 'include' };

      return {
        job: await ask('/jwt', waits, 'Preference-Applied'),
        accepted: await ask('/jwt', post(), 'Location', 'X-Worker'),
        unknown: await ask('/jwt/jobs/x', stop),
        token: await ask('/jwt/jobs/x', {}, 'WWW-Authenticate'),
        limit: await ask('/limited', post(), 'RateLimit', 'Retry-After'),
        field: await ask('/open', { ...post(), body: '{}' }),
        header: await ask('/open', post({ 'X-Other': '1' })),
        proxied: await ask('/proxy', {}),
        cookies: await ask('/cookies', cookies),
        none: await ask('/jwt', cookies),
        off: await ask('/off', post()),
        any: await ask('/any?wait=true', post()),
        events: await events(job.job_id),
      };
    },
    { origin, token },
  );

  await context.close();

  return told;
}

const browser = await launch();

try {
  is(
    await asks(browser, friend),
    {
      job: [200, true, true],
      accepted: [202, true, false, false],
      unknown: [404, false],
      token: [401, true, false],
      limit: [429, true, true, false],
      field: [422, false],
      header: 'TypeError',
      proxied: [200, true],
      cookies: [202, false],
      none: 'TypeError',
      off: 'TypeError',
      any: [200, true],
      events: 'hello\n',
    },
    'a page that is listed',
  );

  const told = await asks(browser, stranger);
  is(told.any, [200, true], 'one that is not: where all may');
  delete told.any;
  is(told.events, 'error', 'no events');
  delete told.events;
  is(
    [...new Set(Object.values(told))],
    ['TypeError'],
    `else nothing, ${Object.keys(told).length} times`,
  );
} catch (error) {
  ok(false, 'the browser', error.stack);
} finally {
  await browser.close();
}

process.exit(0);
