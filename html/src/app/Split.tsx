// Two panes side by side, or one above the other where it is narrow (the style
// sheet decides); what parts them can be moved by mouse, finger and keys.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { useSettings } from '../settings/store';

const LEAST = 25;
const MOST = 80;
const STEP = 4;

const clamp = (value: number) => Math.min(MOST, Math.max(LEAST, value));

export function Split({ first, second }: { first: ReactNode; second: ReactNode }) {
  const { split, set } = useSettings();
  const ref = useRef<HTMLDivElement>(null);

  const onPointerMove = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) {
      return;
    }
    const box = ref.current!.getBoundingClientRect();
    const beside = getComputedStyle(ref.current!).flexDirection === 'row';
    const share = beside
      ? (event.clientX - box.left) / box.width
      : (event.clientY - box.top) / box.height;
    set({ split: clamp(Math.round(share * 1000) / 10) });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -STEP, ArrowUp: -STEP, ArrowRight: STEP, ArrowDown: STEP }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      set({ split: clamp(split + step) });
    }
  };

  return (
    <main ref={ref} className="split" style={{ ['--share' as string]: split }}>
      {first}
      <div
        className="divider"
        role="separator"
        tabIndex={0}
        aria-label="Size of the editor"
        aria-valuenow={Math.round(split)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onDoubleClick={() => set({ split: 56 })}
        onKeyDown={onKeyDown}
      />
      {second}
    </main>
  );
}
