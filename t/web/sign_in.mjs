// A server that wants tokens, and a provider where people sign in.

import { Provider } from './provider.mjs';
import { ask, is, like, ok, tests, until } from './harness.mjs';

const provider = new Provider(Number(process.env.CR_PROVIDER));

await provider.ready;
is(await ask('start'), true, 'nginx starts');

async function signIn({ page }) {
  await page.locator('.banner').getByRole('button').click();
  await page.getByRole('button', { name: 'Ann' }).click();
  await page.getByRole('button', { name: 'Sign out Ann' }).waitFor();
}

const signedOut = page =>
  page.banner().getByText('Sign in to run programs').waitFor();

// Nothing of a token is kept where other pages or a later visit find it.
const kept = ({ page }) => page.evaluate(() =>
  [localStorage, sessionStorage].flatMap(s =>
    Object.values(s).filter(v => /eyJ|refresh_token|access_token/.test(v))));

await tests({
  'sign in, run, sign out': async page => {
    await signedOut(page);
    await page.write('print("mine")\n');
    await page.run();
    is(await page.ended(), 'Not run', 'nothing is run before');
    await signIn(page);
    await page.edits();
    is(new URL(page.page.url()).search, '', 'the address is clean');
    is(await page.program(), 'print("mine")\n', 'the program is not lost');
    await page.run();
    await page.sees('mine');
    is(await kept(page), [], 'no token is stored');
    await page.page.getByRole('button', { name: 'Sign out Ann' }).click();
    await signedOut(page);
    is(provider.counts.signedOut, 1, 'the provider knows');
    await page.page.reload();
    await signedOut(page);
    ok(true, 'and stays signed out');
  },

  'a reload signs in without a word': async page => {
    await signIn(page);
    const { silent } = provider.counts;
    await page.page.reload();
    await page.page.getByRole('button', { name: 'Sign out Ann' }).waitFor();
    is(provider.counts.silent, silent + 1, 'in a hidden frame');
    await page.run('print("again")\n');
    await page.sees('again');
  },

  'tokens are renewed before they expire': async page => {
    provider.lives = 62;
    try {
      const { refreshed } = provider.counts;
      await signIn(page);
      await until('a new one is had', () =>
        provider.counts.refreshed > refreshed);
    } finally {
      provider.lives = 3600;
    }
    await page.run('print("renewed")\n');
    await page.sees('renewed');
  },

  'a token expires while a program runs': async page => {
    provider.good = 4;
    await signIn(page);
    provider.good = 3600;
    const { refreshed } = provider.counts;
    await page.run('import time\nfor i in range(60):\n'
      + '    print("tick", i)\n    time.sleep(0.15)\n');
    is(await page.ended(), 'Finished', 'it ends well');
    await page.button('Copy output').click();
    await page.button('Copied').waitFor();
    is(await page.page.evaluate(() => navigator.clipboard.readText()),
      Array.from({ length: 60 }, (_, i) => `tick ${i}\n`).join(''),
      'and all its output is there');
    await page.run('print("next")\n');
    await page.sees('next');
    is(await page.ended(), 'Finished', 'the next program runs');
    ok(provider.counts.refreshed > refreshed, 'with a new token');
  },

  'a session that has ended': async page => {
    provider.good = 4;
    await signIn(page);
    provider.refreshes.clear();
    await page.context.clearCookies();
    provider.good = 3600;
    await page.write('print("kept")\n');
    await until('the token has expired', async () => {
      await page.run();
      return await page.banner().getByText(/Sign in/).count() > 0;
    });
    is(await page.program(), 'print("kept")\n', 'the program is not lost');
    await signIn(page);
    await page.edits();
    await page.run();
    await page.sees('kept');
  },
}, {
  also: [provider.issuer],
  expects: [/40[01]/, /WebSocket/],
});
