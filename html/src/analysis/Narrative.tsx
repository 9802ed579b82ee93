// Markdown that a model wrote, perhaps about a program that wanted it to write
// something else: no HTML of its own, no address that loads or leads anywhere.

import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import { useMemo } from 'react';

const marked = new Marked({ gfm: true, breaks: false });

const ALLOWED = {
  ALLOWED_TAGS: [
    'p', 'br', 'hr', 'em', 'strong', 'del', 'code', 'pre', 'blockquote',
    'ul', 'ol', 'li', 'h3', 'h4', 'h5', 'h6',
    'table', 'thead', 'tbody', 'tr', 'th', 'td',
  ],
  ALLOWED_ATTR: ['start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

// Headings below those of the page.
function demoted(text: string): string {
  return text.replace(/^(#{1,4})(?=\s)/gm, marks =>
    '#'.repeat(Math.min(6, marks.length + 2)),
  );
}

export function toSafeHtml(text: string): string {
  const html = marked.parse(demoted(text), { async: false });
  return DOMPurify.sanitize(html, ALLOWED);
}

export function Narrative({ text }: { text: string }) {
  const html = useMemo(() => toSafeHtml(text), [text]);

  return <div className="narrative" dangerouslySetInnerHTML={{ __html: html }} />;
}
