// Files that the program finds in its folder.

import { type ChangeEvent, useRef } from 'react';
import { useServer } from '../net/store';
import { bytes } from '../run/outcome';
import { useSettings } from '../settings/store';
import { Button } from '../ui/Button';
import { added, sizeOf, useFiles } from './store';

// What a message to the server may have, as it comes with nginx's default.
const MOST = 160 * 1024;

const MOST_FILES = 32;

function useRoom(): number {
  const language = useSettings(s => s.language);
  const room = useServer(
    s => s.runtimes.find(r => r.name === language)?.limits.files_bytes,
  );
  return Math.min(room ?? 0, MOST);
}

export function AddFile() {
  const room = useRoom();
  const ref = useRef<HTMLInputElement>(null);

  if (room === 0) {
    return null;
  }

  const onChange = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(event.target.files ?? [])];
    const { files, add, refuse } = useFiles.getState();

    // The same one again is another choice.
    event.target.value = '';

    if (chosen.reduce((sum, f) => sum + f.size, 0) > room) {
      refuse(`Files of more than ${bytes(room)} do not go with a program here.`);
      return;
    }

    const more = await Promise.all(
      chosen.map(async file => ({
        name: file.name,
        data: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const all = added(files, more);

    if (sizeOf(all) > room || all.length > MOST_FILES) {
      refuse(
        `At most ${MOST_FILES} files and ${bytes(room)} go with a program here.`,
      );
    } else {
      add(more);
    }
  };

  return (
    <>
      <Button
        icon="file"
        label="Add files"
        compact="always"
        onClick={() => ref.current?.click()}
      />
      <input
        ref={ref}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={event => void onChange(event)}
      />
    </>
  );
}

export function FileList() {
  const { files, problem, remove } = useFiles();
  const room = useRoom();

  if (files.length === 0 && problem === null) {
    return null;
  }

  return (
    <div className="files">
      {problem !== null && <p role="alert">{problem}</p>}
      {files.length > 0 && (
        <ul aria-label="Files that go with the program">
          {files.map(({ name, data }) => (
            <li key={name} data-off={room === 0 || undefined}>
              {name} <span className="figure">{bytes(data.length)}</span>
              <Button
                icon="clear"
                label={`Remove ${name}`}
                compact="always"
                onClick={() => remove(name)}
              />
            </li>
          ))}
        </ul>
      )}
      {files.length > 0 && room === 0 && (
        <p>This language takes no files.</p>
      )}
    </div>
  );
}
