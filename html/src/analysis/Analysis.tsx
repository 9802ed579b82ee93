import { analyzeAndShow } from '../app/keys';
import { useProgram } from '../editor/program';
import { useServer } from '../net/store';
import { stopAnalysis } from '../run/runner';
import { Button } from '../ui/Button';
import { Headline } from './Headline';
import { Narrative } from './Narrative';
import { type AnalysisState, isAsking } from './reducer';
import { useAnalysis } from './store';

const NAMES: Record<string, string> = {
  builtin: 'the built-in analyser',
  gemini: 'Gemini',
  openai: 'an OpenAI-compatible model',
};

function Answered({ state }: { state: AnalysisState }) {
  if (!state.provider) {
    return null;
  }
  return (
    <p className="answered">
      Answered by {NAMES[state.provider] ?? state.provider}
      {state.model && state.model !== state.provider && (
        <>
          , <code>{state.model}</code>
        </>
      )}
    </p>
  );
}

function Idle() {
  const analyzer = useServer(s => s.analyzer);

  if (analyzer?.available === false) {
    return (
      <p className="hint">This server has no analyser that could answer now.</p>
    );
  }
  return (
    <div className="hint">
      <p>How do the program's time and memory grow with its input?</p>
      <Button
        icon="analyze"
        label="Analyse this program"
        onClick={analyzeAndShow}
      />
    </div>
  );
}

function words(state: AnalysisState): string {
  if (isAsking(state)) {
    return 'Analysing.';
  }
  return state.phase === 'done'
    ? `Time ${state.result?.time_complexity ?? 'not known'}, space ${state.result?.space_complexity ?? 'not known'}.`
    : (state.error ?? '');
}

export default function Analysis() {
  const state = useAnalysis();
  const code = useProgram(s => s.code);
  const { result } = state;
  const suggestions = result?.suggestions ?? [];

  return (
    <div className="analysis" role="region" aria-label="Analysis" tabIndex={0}>
      <p className="unseen" role="status">
        {words(state)}
      </p>
      {state.phase === 'idle' && <Idle />}
      {state.phase !== 'idle' && state.code !== code && (
        <p className="stale">
          Of the program as it was.{' '}
          <button type="button" className="link" onClick={analyzeAndShow}>
            Analyse it as it is
          </button>
        </p>
      )}
      {state.notice && <p className="stale">{state.notice}</p>}
      {state.phase === 'failed' && (
        <p className="failed">{state.error ?? 'It could not be analysed.'}</p>
      )}
      {state.phase !== 'idle' && state.phase !== 'failed' && (
        <Headline result={result} />
      )}
      {state.text !== '' && <Narrative text={state.text} />}
      {suggestions.length > 0 && (
        <section>
          <h3>Suggestions</h3>
          <ul>
            {suggestions.map(text => (
              <li key={text}>
                <Narrative text={text} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {isAsking(state) && (
        <Button icon="stop" label="Stop the analysis" onClick={stopAnalysis} />
      )}
      <Answered state={state} />
    </div>
  );
}
