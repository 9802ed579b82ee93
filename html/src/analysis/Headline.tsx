import type { Analysis } from '../net/messages';
import { pretty } from './notation';

interface Props {
  name: string;
  value: string | null | undefined;
  why: string | null | undefined;
  pending: boolean;
}

function Growth({ name, value, why, pending }: Props) {
  return (
    <div className="growth">
      <dt>{name}</dt>
      <dd>
        <strong data-pending={pending || undefined}>
          {value ? pretty(value) : pending ? 'O(…)' : 'Not known'}
        </strong>
        {why && <span>{pretty(why)}</span>}
      </dd>
    </div>
  );
}

export function Headline({ result }: { result: Analysis | null }) {
  const pending = result === null;

  return (
    <>
      <dl className="growths">
        <Growth
          name="Time"
          value={result?.time_complexity}
          why={result?.time_explanation}
          pending={pending}
        />
        <Growth
          name="Space"
          value={result?.space_complexity}
          why={result?.space_explanation}
          pending={pending}
        />
      </dl>
      {result?.algorithm_identified && (
        <p className="algorithm">{result.algorithm_identified}</p>
      )}
    </>
  );
}
