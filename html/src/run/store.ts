import { create } from 'zustand';
import { type Run, type RunAction, noRun, reduce } from './reducer';

export const useRun = create<Run>()(() => noRun);

export function dispatch(action: RunAction): void {
  useRun.setState(run => reduce(run, action), true);
}
