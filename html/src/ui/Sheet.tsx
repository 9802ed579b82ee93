// A dialog over the page.  The browser's own keeps the focus in it, ends it by
// Escape, and gives the focus back.

import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './Button';

interface Props {
  title: string;
  wide?: boolean;
  onClose(): void;
  children: ReactNode;
}

export function Sheet({ title, wide, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    ref.current?.showModal();
  }, []);

  return (
    <dialog
      ref={ref}
      className="sheet"
      data-wide={wide || undefined}
      aria-labelledby="sheet-title"
      onClose={onClose}
      onClick={event => {
        // The backdrop is the dialog itself; what is in it is not.
        if (event.target === ref.current) {
          ref.current.close();
        }
      }}
    >
      <div className="sheet-body">
        <header className="sheet-head">
          <h2 id="sheet-title">{title}</h2>
          <Button
            icon="clear"
            label="Close"
            compact="always"
            onClick={() => ref.current?.close()}
          />
        </header>
        {children}
      </div>
    </dialog>
  );
}
