// Files that a program left behind.  They are what a stranger sent: an image
// is shown, which can do nothing, and all else is for downloading.

import type { Artifact } from '../net/messages';

// Of what the page does not name nothing comes.
export const PATTERNS = [
  ...['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'pdf'],
  ...['csv', 'tsv', 'txt', 'md', 'json', 'html', 'xml', 'zip'],
]
  .map(end => `*.${end}`)
  .concat('out/*');

// Not SVG, which is a document and not an image.
const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

// The type of an image that is shown, by the file's name; null: it is none.
export function imageType(name: string): string | null {
  const end = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return IMAGES[end] ?? null;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

export function toBase64(data: Uint8Array): string {
  let text = '';
  for (let i = 0; i < data.length; i += 8192) {
    text += String.fromCharCode(...data.subarray(i, i + 8192));
  }
  return btoa(text);
}

// Null: there is no content.
export function bytesOf(artifact: Artifact): Uint8Array<ArrayBuffer> | null {
  if (artifact.content === null) {
    return null;
  }
  return artifact.encoding === 'base64'
    ? fromBase64(artifact.content)
    : new TextEncoder().encode(artifact.content);
}

// Whether contents are to be had that did not fit a message.
export function isWaitedFor(artifact: Artifact): boolean {
  return artifact.content === null && !artifact.left_out;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

// Without the files that were given to the program and that it left alone.
export function newOnes(
  artifacts: readonly Artifact[],
  given: readonly { name: string; data: Uint8Array }[],
): Artifact[] {
  return artifacts.filter(artifact => {
    const file = given.find(g => g.name === artifact.name);
    const data = file && bytesOf(artifact);
    return !file || !data || !isSame(file.data, data);
  });
}

// Figures in the order in which they were shown.
const order = new Intl.Collator(undefined, { numeric: true });

export function sorted(artifacts: readonly Artifact[]): Artifact[] {
  return [...artifacts].sort(
    (a, b) =>
      Number(imageType(a.name) === null) - Number(imageType(b.name) === null) ||
      order.compare(a.name, b.name),
  );
}
