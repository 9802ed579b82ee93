// What conf/njs.conf calls.

import crypto from 'crypto';

// js_set: for a log that has no names in it.
function pseudonym(r) {
    const user = r.variables.coderemote_user;

    return user ? crypto.createHash('sha256').update(user).digest('hex')
                  .substring(0, 12)
                : '';
}

// js_set: how long the jobs of this request may take at most.  Guests have
// less; an empty text is the location's own limit.
function mostTime(r) {
    return r.variables.coderemote_user ? '' : '2s';
}

// js_content of an auth_request: may this user run programs?
function policy(r) {
    r.return(r.variables.coderemote_user == 'mallory' ? 403 : 204);
}

// js_content: a program as it is, and what it printed as it is; then a webhook
// is told.
async function run(r) {
    const res = await r.subrequest('/execute', {
        method: 'POST',
        args: 'wait=true',
        body: JSON.stringify({ code: r.requestText || '' })
    });

    // Of nginx's own errors there is the status alone.
    if (!res.responseText) {
        r.return(res.status || 500);
        return;
    }

    const answer = JSON.parse(res.responseText);

    r.headersOut['Content-Type'] = 'text/plain; charset=utf-8';

    if (res.status != 200) {
        if (res.headersOut['Retry-After']) {
            r.headersOut['Retry-After'] = res.headersOut['Retry-After'];
        }

        r.return(res.status, answer.detail + '\n');
        return;
    }

    r.headersOut['X-Job-Id'] = answer.job_id;
    r.headersOut['X-Job-Status'] = answer.status;
    r.return(200, answer.result.stdout + answer.result.stderr);

    // The client has its answer; the request goes on until this is done.
    try {
        const told = await ngx.fetch(r.variables.webhook, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ job_id: answer.job_id,
                                   status: answer.status })
        });

        if (told.status >= 300) {
            r.error(`the webhook answered ${told.status}`);
        }

    } catch (e) {
        r.error(`the webhook was not told: ${e.message}`);
    }
}

export default { pseudonym, mostTime, policy, run };
