import type { Analysis, ServerMessage } from '../net/messages';

export interface AnalysisState {
  phase: 'idle' | 'asking' | 'streaming' | 'done' | 'failed';
  requestId: string;
  analysisId: string | null;
  code: string;
  language: string;
  provider: string | null;
  model: string | null;
  notice: string | null;
  text: string;
  result: Analysis | null;
  error: string | null;
}

export const noAnalysis: AnalysisState = {
  phase: 'idle',
  requestId: '',
  analysisId: null,
  code: '',
  language: 'python',
  provider: null,
  model: null,
  notice: null,
  text: '',
  result: null,
  error: null,
};

export function isAsking(state: AnalysisState): boolean {
  return state.phase === 'asking' || state.phase === 'streaming';
}

export function asked(
  requestId: string,
  code: string,
  language: string,
): AnalysisState {
  return { ...noAnalysis, phase: 'asking', requestId, code, language };
}

const MENDED = new Set(['going_away', 'token_expired']);

function told(state: AnalysisState, message: ServerMessage): AnalysisState {
  switch (message.type) {
    case 'analysis.started':
      // It comes again when another one takes over: what was told is void.
      return {
        ...state,
        phase: 'asking',
        analysisId: message.analysis_id,
        provider: message.provider,
        model: message.model,
        notice: message.notice,
        text: '',
      };

    case 'analysis.chunk':
      return {
        ...state,
        phase: 'streaming',
        text: state.text + message.text,
      };

    case 'analysis.result':
      return {
        ...state,
        phase: message.success ? 'done' : 'failed',
        notice: message.notice ?? state.notice,
        provider: message.provider ?? state.provider,
        model: message.model ?? state.model,
        result: message,
        text: message.narrative ?? state.text,
        error: message.error,
      };

    case 'error':
      return MENDED.has(message.code)
        ? state
        : {
            ...state,
            phase: 'failed',
            error:
              message.code === 'unknown_action'
                ? 'This server does not analyse programs.'
                : (message.errors?.[0]?.message ?? message.message),
          };

    default:
      return state;
  }
}

export function reduceAnalysis(
  state: AnalysisState,
  messages: readonly ServerMessage[],
): AnalysisState {
  return messages.reduce(
    (s, m) =>
      isAsking(s) && 'request_id' in m && m.request_id === s.requestId
        ? told(s, m)
        : s,
    state,
  );
}
