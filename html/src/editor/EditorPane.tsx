// A plain field at once, Monaco as soon as it has come: the program, the
// selection and the focus go over to it in between two keys.

import { useEffect, useRef, useState } from 'react';
import { useSettings } from '../settings/store';
import { setEditor } from './handle';
import { useProgram } from './program';

type Monaco = typeof import('./monaco');

// Not before the page has been painted and has nothing better to do.
function whenIdle(act: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(act, 200);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(act, { timeout: 1000 });
  return () => cancelIdleCallback(id);
}

export function EditorPane() {
  const code = useProgram(s => s.code);
  const wrap = useSettings(s => s.wrap);
  const field = useRef<HTMLTextAreaElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const composing = useRef(false);
  const [monaco, setMonaco] = useState<Monaco | null>(null);
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const el = field.current!;
    setEditor({
      focus: () => el.focus(),
      reveal: line => {
        const before = el.value.split('\n').slice(0, line - 1);
        const at = before.join('\n').length + (line > 1 ? 1 : 0);
        el.focus();
        el.setSelectionRange(at, at);
      },
    });
    el.focus({ preventScroll: true });
    el.setSelectionRange(el.value.length, el.value.length);

    let wanted = true;
    const stop = whenIdle(async () => {
      try {
        const module = await import('./monaco');
        if (wanted) {
          setMonaco(module);
        }
      } catch {
        // The plain field does, offline or in a browser that is too old.
      }
    });
    return () => {
      wanted = false;
      stop();
    };
  }, []);

  useEffect(() => {
    if (monaco === null) {
      return;
    }
    const el = field.current!;
    let dispose: (() => void) | undefined;

    const exchange = () => {
      if (composing.current) {
        el.addEventListener('compositionend', exchange, { once: true });
        return;
      }
      dispose = monaco.mount(host.current!, {
        from: el.selectionStart,
        to: el.selectionEnd,
        focused: document.activeElement === el,
        scrollTop: el.scrollTop,
      });
      setReady(true);
    };

    exchange();

    return () => dispose?.();
  }, [monaco]);

  return (
    <div className="editor" data-ready={ready || undefined}>
      {!ready && (
        <textarea
          ref={field}
          className="plain"
          aria-label="Program"
          value={code}
          wrap={wrap ? 'soft' : 'off'}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={event => useProgram.getState().type(event.target.value)}
          onCompositionStart={() => (composing.current = true)}
          onCompositionEnd={() => (composing.current = false)}
        />
      )}
      <div ref={host} className="monaco-host" />
    </div>
  );
}
