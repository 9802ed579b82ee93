import { useEffect, useState } from 'react';

const left = (until: number) =>
  Math.max(0, Math.ceil((until - Date.now()) / 1000));

// Whole seconds until then; the component is drawn anew with each.
export function useCountdown(until: number): number {
  const [seconds, setSeconds] = useState(() => left(until));

  useEffect(() => {
    setSeconds(left(until));
    if (left(until) === 0) {
      return;
    }
    const timer = setInterval(() => {
      setSeconds(left(until));
      if (left(until) === 0) {
        clearInterval(timer);
      }
    }, 200);
    return () => clearInterval(timer);
  }, [until]);

  return seconds;
}
