// A program as a link: what follows the '#' stays in the browser, so nothing
// is stored anywhere.  "1" is the version: deflate, then base64url of JSON.

import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';

export interface Shared {
  code: string;
  language: string;
}

const VERSION = '1';

// A link is somebody else's: it may not unpack to more than any server takes.
const MOST = 1 << 20;

function base64url(data: Uint8Array): string {
  return btoa(strFromU8(data, true))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array {
  return strToU8(
    atob(text.replaceAll('-', '+').replaceAll('_', '/')),
    true,
  );
}

export function encode({ code, language }: Shared): string {
  const json = JSON.stringify(
    language === 'python' ? { c: code } : { c: code, l: language },
  );

  return `#${VERSION}.${base64url(deflateSync(strToU8(json), { level: 9 }))}`;
}

// Null where it is no such link; what is none is left alone.
export function decode(hash: string): Shared | null {
  if (!hash.startsWith(`#${VERSION}.`)) {
    return null;
  }

  try {
    const packed = fromBase64url(hash.slice(VERSION.length + 2));
    const out = inflateSync(packed, { out: new Uint8Array(MOST) });
    const { c, l } = JSON.parse(strFromU8(out));

    if (typeof c !== 'string' || (l !== undefined && typeof l !== 'string')) {
      return null;
    }
    return { code: c, language: l ?? 'python' };
  } catch {
    return null;
  }
}
