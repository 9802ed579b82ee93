// Of all lines only those in sight are in the page.  Every line has the same
// height, so that where the n-th one is needs no measuring; long lines scroll.

import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { type Lines, lineAt, lineCount, segments } from './lines';

// Browsers know no element higher than some 17 million pixels.
const HIGHEST = 8_000_000;

// A line of a megabyte is a strain to lay out; all of it is in the download.
const LONGEST = 5_000;

const OVERSCAN = 8;

interface Props {
  lines: Lines;
  lineHeight: number;
  children: ReactNode; // what stands where there is no line
}

function Row({ lines, index }: { lines: Lines; index: number }) {
  let room = LONGEST;

  return (
    <div className="row">
      {segments(lineAt(lines, index)).map((segment, i) => {
        const text = segment.text.slice(0, Math.max(room, 0));
        const cut = segment.text.length - text.length;
        room -= segment.text.length;
        return (
          <span key={i} data-source={segment.source}>
            {text}
            {cut > 0 && <em> … {cut.toLocaleString()} more characters</em>}
          </span>
        );
      })}
      {'\n'}
    </div>
  );
}

export function VirtualLines({ lines, lineHeight, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const count = lineCount(lines);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const pinned = useRef(true); // to the end, until somebody scrolls away

  const full = count * lineHeight;
  const shown = Math.min(full, HIGHEST);

  // Where all lines are higher than what can be scrolled, both go in step.
  const stretch = shown > height ? (full - height) / (shown - height) : 1;
  const position = top * stretch;

  const first = Math.max(0, Math.floor(position / lineHeight) - OVERSCAN);
  const last = Math.min(
    count,
    Math.ceil((position + height) / lineHeight) + OVERSCAN,
  );
  const offset = top - (position - first * lineHeight);

  const onScroll = () => {
    const el = scroller.current!;
    pinned.current = el.scrollHeight - el.clientHeight - el.scrollTop < 8;
    setTop(el.scrollTop);
  };

  useLayoutEffect(() => {
    const el = scroller.current!;
    const observer = new ResizeObserver(() => {
      setHeight(el.clientHeight);
      if (pinned.current) {
        el.scrollTop = el.scrollHeight;
      }
    });
    observer.observe(el);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const el = scroller.current!;
    if (count === 0) {
      pinned.current = true;
    }
    if (pinned.current) {
      el.scrollTop = el.scrollHeight;
      setTop(el.scrollTop);
    }
  }, [count, lines.open]);

  const rows = [];
  for (let i = first; i < last; i++) {
    rows.push(<Row key={i} lines={lines} index={i} />);
  }

  return (
    <div
      id="console-output"
      className="output"
      ref={scroller}
      role="region"
      aria-label="Output"
      tabIndex={0}
      style={{ lineHeight: `${lineHeight}px` }}
      onScroll={onScroll}
    >
      {children}
      <div className="rows" style={{ height: shown }}>
        <div style={{ transform: `translateY(${offset}px)` }}>{rows}</div>
      </div>
    </div>
  );
}
