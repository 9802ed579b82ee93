// What a hidden frame shows when the provider sends it back: it tells the page
// around it and no one else.

import { UserManager } from 'oidc-client-ts';

void new UserManager({
  authority: location.origin,
  client_id: '',
  redirect_uri: '',
}).signinSilentCallback();
