# WebSocket clients of Debian's python3-websockets, many in one process.  What
# they do comes as lines of JSON, and what they see goes out as such
# (t/lib/CodeRemote/Live.pm).

import asyncio
import json
import ssl
import sys
import time

import websockets
from websockets.exceptions import ConnectionClosed


class Client:

    def __init__(self, name):
        self.name = name
        self.ws = None
        self.reads = asyncio.Event()
        self.reads.set()

    def tell(self, event, **what):
        what.update(event=event, ws=self.name, at=time.time())
        sys.stdout.write(json.dumps(what, ensure_ascii=False) + '\n')
        sys.stdout.flush()

    async def run(self, step):
        options = {'subprotocols': step.get('protocols') or None,
                   'origin': step.get('origin'),
                   'max_size': None, 'max_queue': 1, 'ping_interval': None}

        if step['url'].startswith('wss:'):
            options['ssl'] = ssl.create_default_context(cafile=step.get('ca'))

        try:
            self.ws = await websockets.connect(step['url'], **options)
        except (OSError, websockets.exceptions.WebSocketException) as e:
            self.tell('failed', reason=repr(e))
            return

        self.tell('open', protocol=self.ws.subprotocol or '',
                  extensions=[e.name for e in self.ws.extensions],
                  worker=self.ws.response_headers.get('X-Worker'))

        try:
            while True:
                await self.reads.wait()
                self.tell('message', message=json.loads(await self.ws.recv()))
        except ConnectionClosed:
            self.tell('close', code=self.ws.close_code,
                      reason=self.ws.close_reason)

    async def act(self, step):
        if step['do'] == 'pause':
            self.reads.clear()
        elif step['do'] == 'resume':
            self.reads.set()
        elif step['do'] == 'drop':
            self.ws.transport.abort()
        else:
            try:
                if step['do'] == 'send':
                    await self.ws.send(json.dumps(step['message']))
                elif step['do'] == 'close':
                    await self.ws.close(step.get('code', 1000))
            except ConnectionClosed:
                pass


async def main():
    clients = {}
    tasks = []
    loop = asyncio.get_running_loop()
    steps = asyncio.StreamReader(limit=2 ** 24)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(steps), sys.stdin)

    async for line in steps:
        step = json.loads(line)
        name = step['ws']

        if step['do'] == 'open':
            clients[name] = Client(name)
            tasks.append(asyncio.create_task(clients[name].run(step)))
        else:
            tasks.append(asyncio.create_task(clients[name].act(step)))


sys.stdout.reconfigure(encoding='utf-8')
asyncio.run(main())
