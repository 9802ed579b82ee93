import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { endInput, type } from '../run/runner';
import { Button } from '../ui/Button';

export function InputLine({ waiting }: { waiting: boolean }) {
  const [text, setText] = useState('');
  const earlier = useRef<string[]>([]);
  const at = useRef(0);
  const ref = useRef<HTMLInputElement>(null);

  // A program that asks is answered without the mouse.
  useEffect(() => {
    if (waiting) {
      ref.current?.focus({ preventScroll: true });
    }
  }, [waiting]);

  const send = () => {
    type(text);
    if (text !== '') {
      earlier.current.push(text);
    }
    at.current = earlier.current.length;
    setText('');
  };

  const recall = (step: number) => {
    const to = at.current + step;
    if (to >= 0 && to <= earlier.current.length) {
      at.current = to;
      setText(earlier.current[to] ?? '');
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      send();
    } else if (event.key.toLowerCase() === 'd' && event.ctrlKey) {
      event.preventDefault();
      if (text !== '') {
        send();
      }
      endInput();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      recall(event.key === 'ArrowUp' ? -1 : 1);
    }
  };

  return (
    <div className="input-line" data-waiting={waiting || undefined}>
      <span className="prompt" aria-hidden="true">
        ›
      </span>
      <input
        id="console-input"
        ref={ref}
        value={text}
        aria-label="Input for the program"
        placeholder={waiting ? 'The program waits for input' : 'Input'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="send"
        onChange={event => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button
        icon="end"
        label="End input"
        keys="Ctrl+D"
        compact="narrow"
        onClick={endInput}
      />
    </div>
  );
}
