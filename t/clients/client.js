// WebSocket clients of Debian's node-ws, many in one process.  What they do
// comes as lines of JSON, and what they see goes out as such
// (t/lib/CodeRemote/Live.pm).

'use strict';

const fs = require('fs');
const { performance } = require('perf_hooks');
const readline = require('readline');

const WebSocket = require('ws');

const clients = new Map();


function now() {
    return (performance.timeOrigin + performance.now()) / 1000;
}


function tell(event, ws, what) {
    const line = JSON.stringify({ event, ws, at: now(), ...what });

    process.stdout.write(line + '\n');
}


function open(step) {
    const name = step.ws;
    const options = { origin: step.origin };

    if (step.ca) {
        options.ca = fs.readFileSync(step.ca);
    }

    const ws = new WebSocket(step.url, step.protocols || [], options);
    let worker;
    let opened = false;

    ws.on('upgrade', res => { worker = res.headers['x-worker']; });

    ws.on('open', () => {
        opened = true;
        tell('open', name, {
            protocol: ws.protocol,
            extensions: ws.extensions ? ws.extensions.split(',') : [],
            worker
        });
    });

    ws.on('message', data => {
        tell('message', name, { message: JSON.parse(data) });
    });

    ws.on('error', e => {
        if (!opened) {
            tell('failed', name, { reason: String(e) });
        }
    });

    ws.on('close', (code, reason) => {
        if (opened) {
            tell('close', name, { code, reason: String(reason) });
        }
    });

    clients.set(name, ws);
}


const actions = {
    open,
    send: (step, ws) => ws.send(JSON.stringify(step.message), () => {}),
    pause: (step, ws) => ws.pause(),
    resume: (step, ws) => ws.resume(),
    close: (step, ws) => ws.close(step.code || 1000),
    drop: (step, ws) => ws.terminate()
};


readline.createInterface({ input: process.stdin })
    .on('line', line => {
        const step = JSON.parse(line);
        actions[step.do](step, clients.get(step.ws));
    })
    .on('close', () => process.exit());
