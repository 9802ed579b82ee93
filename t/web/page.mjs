// What is around a run: marks, completion, links, history, colours, reloads.

import { readFileSync } from 'node:fs';
import { axe, DEADLINE, Page } from './browser.mjs';
import { is, like, ok, origin, tests, until } from './harness.mjs';

const LINES = 20_000;

const markers = ({ page }) => page.locator('.squiggly-error').count();

const shown = ({ page }) => page.locator('.view-lines').innerText();

const theme = ({ page }) => page.evaluate(() => {
  const { theme } = document.documentElement.dataset;
  return [theme, getComputedStyle(document.body).backgroundColor];
});

// What axe-core finds in the page as it is.
async function accessible(page, name) {
  const found = await page.page.evaluate(async source => {
    // The debugger's own: the page's policy lets no script be put in.
    new Function(source)();
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
        'best-practice'],
    });
    return violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`);
  }, readFileSync(axe, 'utf8'));

  is(found, [], `axe finds nothing: ${name}`);
}

await tests({
  'an exception is marked': async page => {
    await page.run('def f(x):\n    return 1 / x\n\nf(1)\nf(0)\n');
    is(await page.ended(), 'ZeroDivisionError', 'it is named');
    await page.page.locator('.exception-line').waitFor();
    is(await markers(page), 1, 'one line is marked');
    await page.page.getByRole('button', { name: 'line 2' }).click();
    await page.page.keyboard.press('End');
    await page.page.keyboard.type(' ');
    await until('the mark goes', async () => await markers(page) === 0);
  },

  'violations are marked, each with its message': async page => {
    await page.run('import math\nimport os\n\nx = eval("1")\n');
    is(await page.ended(), 'Not allowed here', 'it is said');
    await until('both are marked', async () => await markers(page) === 2);
    await page.page.locator('.view-line').getByText('eval').hover();
    await page.page.locator('.monaco-hover')
      .getByText("use of 'eval' is not allowed").first().waitFor();
    ok(true, 'its message is there');
  },

  'a syntax error is marked': async page => {
    await page.run('x = (1\ny = 2\n');
    is(await page.ended(), 'SyntaxError', 'it is named');
    await until('it is marked', async () => await markers(page) === 1);
  },

  'completion': async page => {
    const offers = page.page.locator('.suggest-widget .monaco-list-row');
    await page.write('import math\n');
    await page.page.keyboard.type('math.sq');
    await offers.first().waitFor();
    like(await offers.first().innerText(), /sqrt/, 'a public name');
    await page.page.keyboard.press('Enter');
    await until('it is taken', async () =>
      /math\.sqrt/.test(await shown(page)));
    await page.page.keyboard.type('\nimport ');
    await page.page.keyboard.press('Control+Space');
    await offers.first().waitFor();
    const all = await offers.allInnerTexts();
    ok(all.length > 3 && !all.some(o => /^os\b/.test(o)),
      'modules that are allowed', all.join());
  },

  'an analysis': async page => {
    await page.write('def pairs(items):\n    for a in items:\n'
      + '        for b in items:\n            print(a, b)\n\n'
      + 'pairs(range(int(input())))\n');
    await page.button('Analyse').click();
    const growth = page.page.locator('.growth strong');
    await growth.first().getByText(/^O\(\w+²\)$/).waitFor();
    like(await page.page.locator('.answered').innerText(),
      /built-in analyser/, 'it says who answered');
    await page.page.locator('.narrative p').first().waitFor();
    await accessible(page, 'an analysis');
    await page.page.getByRole('tab', { name: 'Console' }).click();
    await page.page.locator('#console-output').waitFor();
    await page.write('for x in (:\n');
    await page.page.keyboard.press('Control+Shift+Enter');
    await page.page.locator('.analysis .failed').waitFor();
    ok(true, 'what cannot be explained is told');
  },

  'what a program prints is text': async page => {
    await page.run('print("<b>bold</b><img src=x onerror=alert(1)>")\n');
    await page.sees('<b>bold</b><img src=x onerror=alert(1)>');
    is(await page.page.locator('.row b, .row img').count(), 0,
      'and never markup');
  },

  'what a model writes loads nothing and leads nowhere': async page => {
    // The page's policy sees what is cleaned while it is parsed.
    page.expects = [/inline event handler/, /inline style/];

    // The server's part is played here: no model is that hostile at will.
    await page.page.routeWebSocket(/\/ws$/, socket => {
      socket.onMessage(text => {
        const { action, request_id } = JSON.parse(text);
        const say = (type, more) =>
          socket.send(JSON.stringify({ type, request_id, ...more }));
        if (action === 'analyze') {
          const narrative = '**Hello** <img src="http://127.0.0.1:1/x">'
            + '<script>alert(1)</script><svg onload=alert(1)></svg>'
            + '<b style="background:url(http://127.0.0.1:1/y)" onclick=x>b</b>'
            + '\n\n[a](javascript:alert(1)) ![c](http://127.0.0.1:1/z)'
            + '<iframe src="http://127.0.0.1:1/"></iframe><form>';
          say('analysis.started', { analysis_id: 'a', provider: 'gemini',
            model: 'm', notice: null });
          say('analysis.chunk', { text: narrative });
          say('analysis.result', { success: true, time_complexity:
            '<i>O(1)</i>', suggestions: ['<img src=x>'], narrative,
            provider: 'gemini', model: 'm' });
        }
      });
    });
    await page.page.reload();
    await page.edits();
    await page.page.keyboard.press('Control+Shift+Enter');
    await page.page.locator('.narrative strong').getByText('Hello').waitFor();
    await page.page.locator('.growth').getByText('<i>O(1)</i>').waitFor();
    is(await page.page.locator('.analysis').evaluate(el =>
      [...el.querySelectorAll('img, script, svg:not(.icon), a, iframe, form, b,'
        + ' i, .narrative [style], [onclick]')].map(e => e.outerHTML)), [],
      'only text and its form are left');
    like(await page.page.locator('.answered').innerText(), /Gemini.*m/,
      'it says who answered');
  },

  'files that a program leaves': async page => {
    // A dot of one pixel; a message without the contents, which GET has then.
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'
      + '+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const file = (name, content, more) => ({ name, content, encoding: 'utf8',
      size: content?.length ?? 2_000_000, left_out: false, ...more });
    const result = all => ({ success: true, stdout: '', stderr: '',
      stdout_truncated: false, stderr_truncated: false, error: null,
      error_type: null, exit_code: 0, signal: null, execution_time_ms: 1,
      cpu_time_ms: 1, memory_peak_bytes: 1, timed_out: false,
      security_violations: [], cases: null, compile_time_ms: null,
      artifacts: [
        file('evil.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        file('out/figure 10.png', png, { encoding: 'base64' }),
        file('out/figure 2.png', all ? png : null, { encoding: 'base64' }),
        file('table.csv', 'a,b\n1,2\n'),
        file('large.png', null, { left_out: true }),
      ] });

    await page.page.route('**/execute/jobs/j', route =>
      route.fulfill({ json: { result: result(true) } }));
    await page.page.routeWebSocket(/\/ws$/, socket => {
      socket.onMessage(text => {
        const { action, request_id } = JSON.parse(text);
        const say = (type, more) =>
          socket.send(JSON.stringify({ type, job_id: 'j', ...more }));
        if (action === 'execute') {
          say('job.accepted', { request_id });
          say('job.result', { status: 'completed', result: result(false) });
        }
      });
    });
    await page.page.reload();
    await page.run('draw()\n');

    const images = page.page.locator('.artifacts img');
    await until('both images are there', async () =>
      await images.count() === 2);
    await until('and drawn', () => images.evaluateAll(all =>
      all.every(i => i.complete && i.naturalWidth === 1)));
    is(await images.evaluateAll(all => all.map(i => i.alt)),
      ['out/figure 2.png', 'out/figure 10.png'], 'by their names, in order');
    is(await page.page.locator('.artifacts a').evaluateAll(all =>
      all.map(a => a.download)),
      ['figure 2.png', 'figure 10.png', 'evil.svg', 'table.csv'],
      'all that there is can be downloaded, and a drawing is no image');
    like(await page.page.locator('.artifacts').innerText(),
      /large\.png 1\.9 MB, more than this server keeps/, 'the rest is named');

    const coming = page.page.waitForEvent('download');
    await page.page.getByRole('link', { name: 'table.csv' }).click();
    const stream = await (await coming).createReadStream();
    const parts = [];
    for await (const part of stream) {
      parts.push(part);
    }
    is(Buffer.concat(parts).toString(), 'a,b\n1,2\n', 'as it was');
    await accessible(page, 'files of a program');
  },

  'languages': async page => {
    const runtime = (name, language, reason) => ({ name, language,
      version: '1.2', available: reason === null, reason, args: true,
      threads: true, write: true, policy: false, compiles: false,
      limits: { timeout_seconds: 1, memory_mb: 16, code_bytes: 9999,
        stdin_bytes: 1, output_bytes: 1, files_bytes: 100_000,
        artifacts_bytes: 1 } });
    await page.page.route('**/runtimes', route => route.fulfill({ json: [
      runtime('python', 'Python', null),
      runtime('c', 'C', null),
      runtime('go', 'Go', 'go is not installed: apt install golang-go'),
    ] }));
    await page.page.reload();
    await page.edits();

    const list = page.page.getByLabel('Language');
    await until('they are all listed', async () =>
      await list.locator('option').count() === 3);
    is(await list.locator('option:disabled').allInnerTexts(),
      ['Go 1.2 · go is not installed: apt install golang-go'],
      'one that is not there says why');

    await page.write('mine = 1\n');
    await list.selectOption('c');
    await until('each has a program of its own', async () =>
      /int\s+main/.test(await shown(page)));
    await until('in its colours', async () => await page.page
      .locator('.view-line span span').evaluateAll(all =>
        new Set(all.map(e => e.className)).size) > 2);
    await page.page.reload();
    await page.edits();
    like(await shown(page), /int\s+main/, 'which a reload keeps');
    await list.selectOption('python');
    await until('and so does the other', async () =>
      /mine/.test(await shown(page)));
  },

  'files that go with a program': async page => {
    await page.page.getByLabel('Language').selectOption('python-open');
    await page.page.getByLabel('Files to add').setInputFiles([
      { name: 'prices.csv', mimeType: 'text/csv', buffer: Buffer.from('3\n4') },
      { name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
    ]);
    const list = page.page.getByLabel('Files that go with the program');
    await list.waitFor();
    like(await list.innerText(), /prices\.csv\s+3 B[^]*other\.txt/,
      'they are listed with their size');
    await page.button('Remove other.txt').click();
    await accessible(page, 'files to go with a program');
    await page.run('import os\nprint(sum(map(int, open("prices.csv"))),'
      + ' os.listdir("."))\n');
    await page.sees("7 ['prices.csv']");
    await page.ended();
    is(await page.page.locator('.artifacts').count(), 0,
      'what it left alone does not come back');
    await page.page.getByLabel('Files to add').setInputFiles([{ name: 'big',
      mimeType: 'text/plain', buffer: Buffer.alloc(1 << 20) }]);
    await page.page.locator('.files [role=alert]').waitFor();
    is(await list.locator('li').count(), 1, 'what is too large is refused');
  },

  'a link, opened in another profile': async (page, browser) => {
    const code = '# ä 🐍\nprint("shared")\n';
    await page.write(code);
    await page.button('Share').click();
    const link = await page.page.getByLabel('Link to this program')
      .inputValue();
    await page.button('Copy the link').click();
    is(await page.page.evaluate(() => navigator.clipboard.readText()), link,
      'it can be copied');

    const other = await Page.open(browser, origin,
      { path: link.slice(origin.length) });
    await other.edits();
    await other.run();
    await other.sees('shared');
    is(await other.program(), code, 'the program is the same');
    ok(!other.asked.some(url => url.includes('#')),
      'and was not sent anywhere');
    await other.close();
  },

  'history': async page => {
    await page.run('print("first run")\n');
    await page.ended();
    await page.run('print("second run")\n');
    await page.sees('second run');
    await page.ended();
    await page.button('History').click();
    const entries = page.page.locator('.entry-open');
    await entries.first().waitFor();
    is(await entries.count(), 2, 'both are there');
    like(await entries.nth(1).innerText(), /Finished[^]*first run/,
      'with how they ended');
    await accessible(page, 'history');
    await entries.nth(1).click();
    await until('the first one is in the editor', async () =>
      (await shown(page)).includes('first'));
  },

  'examples': async page => {
    await page.edits();
    for (const title of ['Recursion', 'An error', 'Something refused']) {
      await page.button('Examples').click();
      await page.page.getByRole('button', { name: title }).click();
      await page.page.locator('dialog').waitFor({ state: 'detached' });
      await page.run();
      const end = await page.ended();
      ok({ Recursion: 'Finished', 'An error': 'ZeroDivisionError',
        'Something refused': 'Not allowed here' }[title] === end,
        `${title}: ${end}`);
    }
  },

  'colours': async page => {
    const [, light] = await theme(page);
    await page.page.emulateMedia({ colorScheme: 'dark' });
    await until('dark, as the system', async () =>
      (await theme(page))[0] === 'dark');
    await page.button('Settings').click();
    await page.page.getByLabel('Light').check();
    is(await theme(page), ['light', light], 'light, by choice');
    await accessible(page, 'settings');
    await page.page.reload();
    is(await theme(page), ['light', light], 'and so after a reload');
  },

  'a reload keeps the text': async page => {
    await page.write('print("kept")\n');
    await page.page.reload();
    await page.edits();
    await page.run();
    await page.sees('kept');
    ok(true, 'it is there and runs');
  },

  'a reload finds the running program again': async page => {
    await page.run('for i in range(3): print("before", i)\n'
      + 'input("Go on? ")\nprint("after")\n');
    await page.sees('Go on?');
    await page.page.reload();
    await page.sees('before 2');
    await page.sees('Go on?');
    await page.page.getByLabel('Input for the program').fill('yes');
    await page.page.keyboard.press('Enter');
    await page.sees('after');
    is(await page.ended(), 'Finished', 'it is fed, and ends');
  },

  'typed before the editor has come': async page => {
    // Held back until something is written.
    await page.context.route('**/assets/monaco-*.js', async route => {
      await held;
      await route.continue();
    });
    let go;
    const held = new Promise(resolve => (go = resolve));
    await page.page.reload();
    const field = page.page.locator('textarea.plain');
    await field.fill('print("early")\n');
    await page.page.keyboard.type('# and here');
    go();
    await page.edits();
    await page.page.keyboard.type(' goes on');
    await until('it is all there', async () =>
      (await page.program()) === 'print("early")\n# and here goes on');
    await page.run();
    await page.sees('early');
  },

  'twenty thousand lines': async page => {
    await page.run(`for i in range(${LINES}): print("line", i)\n`);
    is(await page.ended(), 'Finished', 'it ends');
    await page.sees(`line ${LINES - 1}`);
    const rows = await page.page.locator('.row').count();
    ok(rows < 200, `of them ${rows} are in the page`);
    await page.page.locator('#console-output').focus();
    await page.page.keyboard.press('Home');
    await page.sees('line 0');
    await page.button('Copy output').click();
    await page.button('Copied').waitFor();
    is(await page.page.evaluate(async () =>
      (await navigator.clipboard.readText()).split('\n').length), LINES + 1,
      'all of them are copied');
  },

  'output that is cut': async page => {
    await page.run('print("x" * 99 + "\\n" * 1, end="")\n'
      + 'for i in range(30000): print("x" * 60)\n');
    await page.ended();
    like(await page.status(), /is cut/, 'it says so');
  },

  'the keyboard alone': async page => {
    await page.edits();
    await page.page.keyboard.press('F1');
    await page.page.getByRole('heading', { name: 'Keyboard shortcuts' })
      .waitFor();
    await accessible(page, 'shortcuts');
    await page.page.keyboard.press('Escape');
    await page.page.locator('dialog').waitFor({ state: 'detached' });
    await page.page.keyboard.press('F6');
    await until('F6: in the console', () => page.page.evaluate(() =>
      document.activeElement?.id === 'console-output'));
    await page.page.keyboard.press('F6');
    await page.page.keyboard.press('Control+a');
    await page.page.keyboard.type('print(6 * 7)');
    await page.page.keyboard.press('Control+Enter');
    await page.sees('42');
    ok(true, 'F6: back in the editor, and Ctrl+Enter runs');
  },

  'axe, light and dark': async page => {
    for (const colorScheme of ['light', 'dark']) {
      await page.page.emulateMedia({ colorScheme });
      await page.edits();
      await accessible(page, `${colorScheme}, idle`);
      await page.run('print("out")\ninput("? ")\n');
      await page.sees('?');
      await accessible(page, `${colorScheme}, running`);
      await page.page.keyboard.press('Control+d');
      await page.ended();
      await accessible(page, `${colorScheme}, an error`);
      await page.button('Examples').click();
      await page.page.locator('dialog').waitFor();
      await accessible(page, `${colorScheme}, examples`);
      await page.page.keyboard.press('Escape');
      await page.button('Share').click();
      await accessible(page, `${colorScheme}, share`);
      await page.page.keyboard.press('Escape');
    }
  },

  'a narrow screen': async page => {
    await page.page.setViewportSize({ width: 360, height: 740 });
    await page.run('print("narrow")\n');
    await page.sees('narrow');
    const wide = await page.page.evaluate(() =>
      document.documentElement.scrollWidth);
    is(wide, 360, 'nothing is wider than the screen');
    for (const name of ['Run', 'Analyse', 'Examples', 'History', 'Share',
      'Settings']) {
      const box = await page.button(name).boundingBox();
      ok(box && box.x >= 0 && box.x + box.width <= 360, `${name} is on it`);
    }
    await accessible(page, 'narrow');
  },
});
