// JSON web tokens and keys by npm's jose, which has nothing in common with what
// verifies them here.  An array of wishes comes as JSON, and an array of texts
// goes out (t/lib/CodeRemote/Token.pm):
//
//     { "jwk": "FILE.pub", "more": {...} }       a public key, or a secret
//     { "alg", "header", "payload", "key" }      a token; key: FILE, or a secret

'use strict';

const crypto = require('crypto');
const fs = require('fs');

const { CompactSign, exportJWK } = require('jose');


async function jwk(wish) {
    const key = wish.secret === undefined
              ? crypto.createPublicKey(fs.readFileSync(wish.jwk))
              : crypto.createSecretKey(Buffer.from(wish.secret));

    return JSON.stringify({ ...await exportJWK(key), ...wish.more });
}


// The payload is a text, that it may also be one that no library would write.

async function token(wish) {
    const key = wish.secret === undefined
              ? crypto.createPrivateKey(fs.readFileSync(wish.key))
              : Buffer.from(wish.secret);

    return await new CompactSign(Buffer.from(wish.payload))
        .setProtectedHeader(wish.header)
        .sign(key, { crit: { b64: true } });
}


(async () => {
    const wishes = JSON.parse(fs.readFileSync(0, 'utf8'));
    const texts = [];

    for (const wish of wishes)
        texts.push(await ('header' in wish ? token : jwk)(wish));

    process.stdout.write(JSON.stringify(texts));
})().catch(error => {
    console.error(error);
    process.exit(1);
});
