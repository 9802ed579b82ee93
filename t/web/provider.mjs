// A small OpenID Connect provider: authorization code with PKCE, refresh
// tokens, prompt=none, sign-out.  What it is asked for it remembers.

import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});

const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Provider {
  codes = new Map();
  refreshes = new Set();
  problems = [];
  counts = { silent: 0, codes: 0, refreshed: 0, signedOut: 0 };

  lives = 3600; // seconds, as the client is told
  good = 3600; // seconds, as the token says

  constructor(port) {
    this.issuer = `http://127.0.0.1:${port}`;
    this.server = createServer((request, response) =>
      this.answer(request, response).catch(error => {
        this.problems.push(error.stack);
        response.writeHead(500).end();
      }));
    this.ready = new Promise(done =>
      this.server.listen(port, '127.0.0.1', done));
  }

  jwt(claims) {
    const now = Math.floor(Date.now() / 1000);
    const input = [
      { alg: 'RS256', typ: 'JWT', kid: 'k' },
      { iss: this.issuer, sub: 'ann', iat: now, ...claims },
    ].map(encode).join('.');

    return `${input}.${sign('sha256', input, privateKey).toString('base64url')}`;
  }

  tokens(nonce) {
    const exp = Math.floor(Date.now() / 1000) + this.good;
    const refresh = randomUUID();

    this.refreshes.add(refresh);

    return {
      access_token: this.jwt({ exp, aud: 'code', id: randomUUID() }),
      id_token: this.jwt({
        exp: exp + 3600, aud: 'page', name: 'Ann', ...(nonce && { nonce }),
      }),
      refresh_token: refresh,
      token_type: 'Bearer',
      expires_in: this.lives,
      scope: 'openid profile offline_access',
    };
  }

  async answer(request, response) {
    const url = new URL(request.url, this.issuer);
    const act = this[url.pathname.replace(/^\//, '')
      .replace('.well-known/openid-configuration', 'discovery')];

    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');

    // Browsers ask for a favicon, too.
    if (request.method === 'OPTIONS' || typeof act !== 'function') {
      response.writeHead(204).end();
      return;
    }

    let body = '';
    for await (const part of request) {
      body += part;
    }
    act.call(this, response, url.searchParams, new URLSearchParams(body),
      /\bsession=yes\b/.test(request.headers.cookie ?? ''));
  }

  json(response, value, status = 200) {
    response.writeHead(status, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(value));
  }

  redirect(response, to, more) {
    const url = new URL(to);
    Object.entries(more).forEach(([k, v]) => v && url.searchParams.set(k, v));
    response.writeHead(302, { Location: url.href }).end();
  }

  discovery(response) {
    const at = name => `${this.issuer}/${name}`;
    this.json(response, {
      issuer: this.issuer,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      jwks_uri: at('keys'),
      end_session_endpoint: at('leave'),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  }

  keys(response) {
    this.json(response, {
      keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig',
        alg: 'RS256', kid: 'k' }],
    });
  }

  authorize(response, query, _, session) {
    const back = query.get('redirect_uri');
    const state = query.get('state');

    if (query.get('code_challenge_method') !== 'S256') {
      this.problems.push('no PKCE');
    }
    if (query.get('prompt') === 'none') {
      this.counts.silent++;
      if (!session) {
        this.redirect(response, back, { error: 'login_required', state });
        return;
      }
    } else if (!query.has('yes')) {
      const form = [...query].map(([k, v]) =>
        `<input type=hidden name="${k}" value="${v}">`).join('');
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(
        `<h1>Provider</h1><form>${form}<button name=yes>Ann</button></form>`);
      return;
    }

    const code = randomUUID();
    this.codes.set(code, {
      challenge: query.get('code_challenge'), back, nonce: query.get('nonce'),
    });
    response.setHeader('Set-Cookie', 'session=yes; Path=/; HttpOnly');
    this.redirect(response, back, { code, state });
  }

  token(response, _, form) {
    const refresh = form.get('refresh_token');

    if (refresh !== null) {
      if (!this.refreshes.delete(refresh)) {
        this.json(response, { error: 'invalid_grant' }, 400);
        return;
      }
      this.counts.refreshed++;
      this.json(response, this.tokens());
      return;
    }

    const given = this.codes.get(form.get('code'));
    const digest = createHash('sha256')
      .update(form.get('code_verifier') ?? '').digest('base64url');

    this.codes.delete(form.get('code'));

    if (given?.challenge !== digest || given.back !== form.get('redirect_uri')) {
      this.problems.push('a code that is not good');
      this.json(response, { error: 'invalid_grant' }, 400);
      return;
    }
    this.counts.codes++;
    this.json(response, this.tokens(given.nonce));
  }

  leave(response, query) {
    this.counts.signedOut++;
    response.setHeader('Set-Cookie', 'session=; Path=/; Max-Age=0');
    this.redirect(response, query.get('post_logout_redirect_uri'),
      { state: query.get('state') });
  }
}
