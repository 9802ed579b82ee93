import { useEffect, useRef, useState } from 'react';
import { useProgram } from '../editor/program';
import { useSettings } from '../settings/store';
import { Button } from '../ui/Button';
import { copyText } from '../ui/clipboard';
import { encode } from './codec';

export function Share() {
  const code = useProgram(s => s.code);
  const language = useSettings(s => s.language);
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);

  const link = `${location.origin}${location.pathname}${encode({ code, language })}`;

  useEffect(() => field.current?.select(), []);

  const copy = async () => {
    field.current?.select();
    await copyText(link);
    setCopied(true);
  };

  return (
    <div className="form">
      <p>
        The link holds the whole program, compressed. Nothing is stored
        anywhere: whoever has the link has the program.
      </p>
      <textarea
        ref={field}
        className="shared-link"
        aria-label="Link to this program"
        readOnly
        rows={4}
        value={link}
        onFocus={event => event.target.select()}
      />
      {link.length > 8000 && (
        <p className="note">
          It is {link.length.toLocaleString()} characters long. Some mail and
          chat programs cut such links.
        </p>
      )}
      <Button
        icon="copy"
        look="primary"
        label={copied ? 'Copied' : 'Copy the link'}
        onClick={() => void copy()}
      />
    </div>
  );
}
