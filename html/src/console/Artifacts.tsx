// What a program left behind: images as images, all of it to be downloaded.

import { useEffect, useMemo } from 'react';
import type { Artifact } from '../net/messages';
import { useFiles } from '../files/store';
import { bytesOf, imageType, newOnes, sorted } from '../run/artifacts';
import { bytes } from '../run/outcome';
import type { Run } from '../run/reducer';

// An address that only this page knows, for as long as it is shown.
function useAddress(artifact: Artifact): string | null {
  const address = useMemo(() => {
    const data = bytesOf(artifact);
    const type = imageType(artifact.name) ?? 'application/octet-stream';
    return data && URL.createObjectURL(new Blob([data], { type }));
  }, [artifact]);

  useEffect(
    () => () => {
      if (address !== null) {
        URL.revokeObjectURL(address);
      }
    },
    [address],
  );

  return address;
}

function Item({ artifact }: { artifact: Artifact }) {
  const { name, size, left_out } = artifact;
  const address = useAddress(artifact);

  return (
    <li className="artifact">
      {address !== null && imageType(name) !== null && (
        <img src={address} alt={name} />
      )}
      <span className="artifact-about">
        {address === null ? (
          <span>{name}</span>
        ) : (
          <a href={address} download={name.replace(/^.*\//, '')}>
            {name}
          </a>
        )}{' '}
        {bytes(size)}
        {left_out && ', more than this server keeps'}
      </span>
    </li>
  );
}

export function Artifacts({ run }: { run: Run }) {
  const given = useFiles(f => f.files);
  const artifacts = run.result?.artifacts;
  const shown = useMemo(
    () => sorted(newOnes(artifacts ?? [], given)),
    [artifacts, given],
  );

  if (shown.length === 0) {
    return null;
  }

  return (
    <section className="artifacts" aria-label="Files of the program">
      <ul>
        {shown.map(artifact => (
          <Item key={artifact.name} artifact={artifact} />
        ))}
      </ul>
    </section>
  );
}
