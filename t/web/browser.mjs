// A browser for the tests, and what they all do in it.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const html = fileURLToPath(new URL('../../html/', import.meta.url));
const require = createRequire(html);

const { chromium } = require('playwright-core');

export const axe = require.resolve('axe-core/axe.min.js');

const slow = Number(process.env.CR_SLOW ?? 1);

export const DEADLINE = 20_000 * slow;

// Playwright gives it an empty folder of its own, and takes that away.
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    timeout: DEADLINE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export class Page {
  // Everything that went wrong in it, and every address that it asked.
  problems = [];
  asked = [];
  expects = []; // patterns of what may go wrong

  static async open(browser, origin, options = {}) {
    const { path = '/', ...context } = options;
    const self = new Page();

    self.origin = origin;
    self.context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
      ...context,
    });
    self.context.setDefaultTimeout(DEADLINE);
    self.page = await self.context.newPage();
    self.watch();
    await self.page.goto(origin + path);

    return self;
  }

  watch() {
    this.page.on('console', message => {
      if (message.type() === 'error') {
        this.problems.push(message.text());
      }
    });
    this.page.on('pageerror', error => this.problems.push(String(error)));
    this.page.on('request', request => this.asked.push(request.url()));
    this.page.on('websocket', socket => this.asked.push(socket.url()));
  }

  strangers(also = []) {
    const known = [this.origin, ...also].map(url => new URL(url).host);
    return this.asked.filter(
      url => !/^(data|blob):/.test(url) && !known.includes(new URL(url).host),
    );
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  // Monaco has come.
  async edits() {
    await this.page.waitForSelector('.editor[data-ready] .monaco-editor');
  }

  async write(code) {
    await this.edits();
    await this.page.locator('.monaco-editor').first().click();
    await this.page.keyboard.press('Control+a');
    // What is typed, Monaco indents.
    await this.page.evaluate(text => navigator.clipboard.writeText(text), code);
    await this.page.keyboard.press('Control+v');
  }

  program() {
    return this.page.evaluate(() =>
      localStorage.getItem('coderemote.program'),
    );
  }

  async run(code) {
    if (code !== undefined) {
      await this.write(code);
    }
    await this.page.keyboard.press('Control+Enter');
  }

  // The words of the console's last line, once the run has ended.
  async ended() {
    const title = this.page.locator('.run-end strong');
    await title.waitFor();
    return title.textContent();
  }

  // What is in sight of the output.
  output() {
    return this.page.locator('.rows').innerText();
  }

  async sees(text) {
    await this.page
      .locator('.rows')
      .getByText(text)
      .first()
      .waitFor();
  }

  status() {
    return this.page.locator('.run-state').innerText();
  }

  banner() {
    return this.page.locator('.banner');
  }

  shot(path) {
    return this.page.screenshot({ path });
  }

  close() {
    return this.context.close();
  }
}
