// The connection is lost, the server goes and comes, the worker is another.
// What lies between page and server here can be cut.

import { connect, createServer } from 'node:net';
import { ask, is, like, ok, origin, tests, until } from './harness.mjs';

const sockets = new Set();
let open = true;

const between = createServer(client => {
  if (!open) {
    client.destroy();
    return;
  }
  const server = connect(new URL(origin).port, '127.0.0.1');

  for (const [socket, other] of [[client, server], [server, client]]) {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.pipe(other);
  }
});

await new Promise(ready => between.listen(0, '127.0.0.1', ready));

const cut = () => sockets.forEach(socket => socket.destroy());

const ticks = (count, seconds) => `import time
for i in range(${count}):
    print("tick", i)
    time.sleep(${seconds})
`;

// All of the output, as it would be copied.
async function copied(page) {
  await page.button('Copy output').click();
  await page.button('Copied').waitFor();
  return page.page.evaluate(() => navigator.clipboard.readText());
}

const all = count =>
  Array.from({ length: count }, (_, i) => `tick ${i}\n`).join('');

await tests({
  'a connection that is lost while a program runs': async page => {
    await page.run(ticks(60, 0.05));
    for (const n of [5, 20, 35]) {
      await page.sees(`tick ${n}`);
      cut();
    }
    is(await page.ended(), 'Finished', 'it ends well');
    is(await copied(page), all(60), 'no output is lost, and none comes twice');
  },

  'a server that is away for a while': async page => {
    await page.run(ticks(30, 0.1));
    await page.sees('tick 3');
    open = false;
    cut();
    const said = page.banner().getByText(/cannot be reached|was lost/);
    await said.waitFor();
    await page.button('Try now').waitFor();
    ok(true, 'it says so, and when it tries again');
    open = true;
    await page.button('Try now').click().catch(() => undefined);
    await said.waitFor({ state: 'detached' });
    is(await page.ended(), 'Finished', 'the program went on meanwhile');
    is(await copied(page), all(30), 'and its output is all there');
  },

  'input that is typed while the connection is away': async page => {
    await page.run('print("hello", input("Who? "))\n');
    await page.sees('Who?');
    open = false;
    cut();
    await page.banner().getByText(/cannot be reached|was lost/).waitFor();
    await page.page.getByLabel('Input for the program').fill('Ann');
    await page.page.keyboard.press('Enter');
    open = true;
    await page.sees('hello Ann');
    is(await page.ended(), 'Finished', 'it reaches the program');
  },

  'other workers while a program runs': async page => {
    await page.run(ticks(30, 0.1));
    await page.sees('tick 3');
    is(await ask('reload'), true, 'the configuration is loaded anew');
    is(await page.ended(), 'Finished', 'the program ends well');
    is(await copied(page), all(30), 'and its output is all there');
    await page.run('print("next")\n');
    await page.sees('next');
    is(await page.ended(), 'Finished', 'the next one runs at the new worker');
  },
}, {
  origin: `http://127.0.0.1:${between.address().port}`,
  expects: [/net::ERR|WebSocket/],
});
