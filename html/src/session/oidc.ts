// OpenID Connect: authorization code with PKCE, by oidc-client-ts.  Tokens are
// in memory alone; what has to outlive the way to the provider and back (the
// code verifier) is in this tab's session storage until then.

import {
  InMemoryWebStorage,
  type User,
  UserManager,
  WebStorageStateStore,
} from 'oidc-client-ts';
import { type SignInConfig, useSession } from './store';

let manager: UserManager | null = null;

const home = () => `${location.origin}/`;

function show(user: User | null): void {
  if (user === null || user.expired) {
    useSession.setState({ state: 'signed-out', name: null });
    return;
  }
  const { name, preferred_username, email, sub } = user.profile;
  useSession.setState({
    state: 'signed-in',
    name: name ?? preferred_username ?? email ?? sub,
    problem: null,
  });
}

function make(config: SignInConfig): UserManager {
  const made = new UserManager({
    authority: config.authority,
    client_id: config.client_id,
    scope: config.scope ?? 'openid profile',
    response_type: 'code',
    redirect_uri: home(),
    silent_redirect_uri: `${home()}silent.html`,
    post_logout_redirect_uri: home(),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: config.silent !== false,
    silentRequestTimeoutInSeconds: 8,
    monitorSession: false,
    // For a provider whose discovery document tells of no such place.
    ...(config.sign_out_url && {
      metadataSeed: { end_session_endpoint: config.sign_out_url },
    }),
  });

  made.events.addUserLoaded(show);
  made.events.addUserUnloaded(() => show(null));
  made.events.addAccessTokenExpired(() => {
    useSession.setState({ state: 'signed-out' });
  });

  return made;
}

function isReturn(): boolean {
  const query = new URLSearchParams(location.search);
  return query.has('state') && (query.has('code') || query.has('error'));
}

export async function begin(config: SignInConfig): Promise<void> {
  manager = make(config);

  if (isReturn()) {
    try {
      const user = await manager.signinCallback();
      const hash = typeof user?.state === 'string' ? user.state : '';
      history.replaceState(null, '', home() + hash);
      show(user ?? null);
    } catch (error) {
      history.replaceState(null, '', home());
      useSession.setState({
        state: 'signed-out',
        problem: error instanceof Error ? error.message : String(error),
      });
    }
    return;
  }

  show(config.silent === false ? null : await renewed());
}

// Who has a session with the provider still is signed in without a word.
async function renewed(): Promise<User | null> {
  try {
    return (await manager?.signinSilent()) ?? null;
  } catch {
    return null;
  }
}

function wanted(user: User): string | null {
  const { config } = useSession.getState();
  return (config?.id_token ? user.id_token : user.access_token) ?? null;
}

export async function token(fresh: boolean): Promise<string | null> {
  let user = (await manager?.getUser()) ?? null;

  if (user !== null && (fresh || user.expired)) {
    const again = await renewed();
    if (again === null) {
      await manager?.removeUser();
    }
    user = again;
  }

  return user === null ? null : wanted(user);
}

export async function signIn(): Promise<void> {
  useSession.setState({ state: 'busy', problem: null });
  try {
    await manager?.signinRedirect({ state: location.hash });
  } catch (error) {
    useSession.setState({
      state: 'signed-out',
      problem: `Where people sign in cannot be reached: ${String(error)}`,
    });
  }
}

export async function signOut(): Promise<void> {
  const { config } = useSession.getState();
  try {
    if (await manager?.metadataService.getRevocationEndpoint()) {
      await manager?.revokeTokens(['refresh_token']);
    }
  } catch {
    // It ends by itself, then.
  }
  try {
    await manager?.signoutRedirect({
      extraQueryParams: { ...config?.sign_out },
    });
  } catch {
    // A provider that knows no sign-out: forgetting the tokens must do.
    await manager?.removeUser();
  }
}
