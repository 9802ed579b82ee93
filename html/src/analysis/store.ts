import { create } from 'zustand';
import { type AnalysisState, noAnalysis } from './reducer';

export const useAnalysis = create<AnalysisState>()(() => noAnalysis);
