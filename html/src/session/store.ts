// Who is signed in.  The library that does it is loaded only where the server
// says that people sign in.

import { create } from 'zustand';

export interface SignInConfig {
  authority: string;
  client_id: string;
  scope?: string;
  name?: string; // of the place where people sign in
  silent?: boolean; // false: the provider cannot renew in a hidden frame
  id_token?: boolean; // the server wants the ID token, not the access token
  sign_out_url?: string; // where the discovery document does not say it
  sign_out?: Record<string, string>; // parameters of a provider's own
}

interface Session {
  config: SignInConfig | null;
  state: 'unknown' | 'none' | 'signed-out' | 'signed-in' | 'busy';
  name: string | null;
  problem: string | null;
}

export const useSession = create<Session>()(() => ({
  config: null,
  state: 'unknown',
  name: null,
  problem: null,
}));

type Library = typeof import('./oidc');

let library: Promise<Library> | null = null;

async function configured(): Promise<SignInConfig | null> {
  try {
    const response = await fetch('/config.json', { cache: 'no-cache' });
    const json = response.ok ? await response.json() : {};
    return json.sign_in ?? null;
  } catch {
    return null;
  }
}

async function begin(): Promise<void> {
  const config = await configured();

  if (config === null) {
    useSession.setState({ state: 'none' });
    return;
  }

  useSession.setState({ config, state: 'busy' });
  library = import('./oidc');
  await (await library).begin(config);
}

let begun: Promise<void> | null = null;

export function sessionReady(): Promise<void> {
  begun ??= begin().catch((error: unknown) => {
    useSession.setState({ state: 'signed-out', problem: String(error) });
  });
  return begun;
}

export async function token(fresh = false): Promise<string | null> {
  await sessionReady();
  return library === null ? null : (await library).token(fresh);
}

export async function signIn(): Promise<void> {
  await (await library)?.signIn();
}

export async function signOut(): Promise<void> {
  await (await library)?.signOut();
}
