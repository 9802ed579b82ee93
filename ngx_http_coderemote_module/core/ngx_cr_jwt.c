
#include "ngx_cr_jwt.h"


static ngx_int_t
ngx_cr_jwt_why(ngx_cr_jwt_t *jwt, ngx_int_t rc, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    *ngx_vslprintf(jwt->why, jwt->why + NGX_CR_JWT_WHY - 1, fmt, args) = '\0';
    va_end(args);

    return rc;
}


void
ngx_cr_jwt_release(ngx_cr_jwt_t *jwt)
{
    json_decref(jwt->header);
    json_decref(jwt->claims);

    jwt->header = NULL;
    jwt->claims = NULL;
}


/* An object that stands in the token; NULL: it does not. */

static json_t *
ngx_cr_jwt_object(ngx_pool_t *pool, const u_char *data, size_t len)
{
    json_t     *json;
    ngx_str_t   text;

    if (ngx_cr_base64url(pool, data, len, &text) != NGX_OK) {
        return NULL;
    }

    json = json_loadb((char *) text.data, text.len, JSON_REJECT_DUPLICATES,
                      NULL);

    if (!json_is_object(json)) {
        json_decref(json);
        return NULL;
    }

    return json;
}


json_t *
ngx_cr_jwt_claims(ngx_pool_t *pool, const ngx_str_t *token)
{
    u_char  *first, *last;

    last = token->data + token->len;
    first = ngx_strlchr(token->data, last, '.');

    if (first == NULL) {
        return NULL;
    }

    first++;
    last = ngx_strlchr(first, last, '.');

    return last ? ngx_cr_jwt_object(pool, first, last - first) : NULL;
}


static ngx_int_t
ngx_cr_jwt_typ(ngx_cr_jwt_t *jwt)
{
    char    *text;
    json_t  *typ;

    typ = json_object_get(jwt->header, "typ");

    if (typ == NULL) {
        return NGX_OK;
    }

    text = (char *) json_string_value(typ);

    if (text && ngx_strncasecmp((u_char *) text, (u_char *) "application/", 12)
                == 0)
    {
        text += 12;
    }

    if (text && ngx_strcasecmp((u_char *) text, (u_char *) "at+jwt") == 0) {
        jwt->at = 1;
        return NGX_OK;
    }

    if (text && text == json_string_value(typ)
        && ngx_strcasecmp((u_char *) text, (u_char *) "JWT") == 0)
    {
        return NGX_OK;
    }

    return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                          "the header's typ is neither JWT nor at+jwt");
}


static ngx_int_t
ngx_cr_jwt_header(ngx_cr_jwt_t *jwt)
{
    json_t  *alg, *kid;

    if (json_object_get(jwt->header, "crit")) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the header's crit names what is not known "
                              "here");
    }

    alg = json_object_get(jwt->header, "alg");

    if (!json_is_string(alg)) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the header has no alg");
    }

    jwt->alg = ngx_cr_alg(json_string_value(alg));

    if (jwt->alg == NULL) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the header's alg is none that is taken here");
    }

    kid = json_object_get(jwt->header, "kid");

    if (kid && !json_is_string(kid)) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the header's kid is no text");
    }

    jwt->kid = json_string_value(kid);

    return ngx_cr_jwt_typ(jwt);
}


ngx_int_t
ngx_cr_jwt_parse(ngx_pool_t *pool, const ngx_str_t *token, size_t max_size,
    ngx_cr_jwt_t *jwt)
{
    u_char  *first, *second, *last;

    ngx_memzero(jwt, sizeof(ngx_cr_jwt_t));

    if (token->len > max_size) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the token is longer than %uz bytes", max_size);
    }

    jwt->text.data = ngx_pnalloc(pool, token->len + 1);
    if (jwt->text.data == NULL) {
        return NGX_ERROR;
    }

    last = ngx_cpymem(jwt->text.data, token->data, token->len);
    *last = '\0';
    jwt->text.len = token->len;

    first = ngx_strlchr(jwt->text.data, last, '.');
    second = first ? ngx_strlchr(first + 1, last, '.') : NULL;

    if (second == NULL || ngx_strlchr(second + 1, last, '.')) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the token has not three parts");
    }

    jwt->input = second - jwt->text.data;
    jwt->header = ngx_cr_jwt_object(pool, jwt->text.data,
                                    first - jwt->text.data);

    if (jwt->header == NULL) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the header is no JSON object in base64url, or "
                              "has a member twice");
    }

    first++;
    jwt->claims = ngx_cr_jwt_object(pool, first, second - first);

    if (jwt->claims == NULL) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the payload is no JSON object in base64url, or "
                              "has a member twice");
    }

    second++;

    if (ngx_cr_base64url(pool, second, last - second, &jwt->signature)
        != NGX_OK)
    {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the signature is no base64url");
    }

    return ngx_cr_jwt_header(jwt);
}


static ngx_uint_t
ngx_cr_jwt_fits(const ngx_cr_key_t *key, const ngx_cr_jwt_t *jwt)
{
    if (key->type != jwt->alg->type || (key->alg && key->alg != jwt->alg)
        || (key->type == NGX_CR_KEY_HMAC && key->text.len < jwt->alg->size))
    {
        return 0;
    }

    /* a key without a name is tried for any */

    return jwt->kid == NULL || key->kid.len == 0
           || (key->kid.len == ngx_strlen(jwt->kid)
               && ngx_memcmp(key->kid.data, jwt->kid, key->kid.len) == 0);
}


ngx_int_t
ngx_cr_jwt_signed(const ngx_cr_keys_t *keys, ngx_cr_jwt_t *jwt)
{
    ngx_uint_t           i, n;
    const ngx_cr_key_t  *tries[NGX_CR_JWT_TRIES];

    /* the key that it names has not been there yet */
    jwt->unknown = 1;

    for (i = 0, n = 0; i < keys->n; i++) {

        if (!ngx_cr_jwt_fits(&keys->keys[i], jwt)) {
            continue;
        }

        if (n == NGX_CR_JWT_TRIES) {
            return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                                  "the header has no kid, and there are too "
                                  "many keys to try");
        }

        jwt->unknown &= jwt->kid == NULL || keys->keys[i].kid.len == 0;
        tries[n++] = &keys->keys[i];
    }

    if (n == 0) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "there is no key for the header's alg and kid");
    }

    for (i = 0; i < n; i++) {
        if (ngx_cr_jwt_verify(tries[i], jwt)) {
            return NGX_OK;
        }
    }

    return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID, "the signature is wrong");
}


/* NGX_OK, NGX_DECLINED: it is not there, NGX_ERROR: it is no time. */

static ngx_int_t
ngx_cr_jwt_time(ngx_cr_jwt_t *jwt, const char *name, double *when)
{
    json_t  *value;

    value = json_object_get(jwt->claims, name);

    if (value == NULL) {
        return NGX_DECLINED;
    }

    *when = json_number_value(value);

    if (!json_is_number(value)) {
        (void) ngx_cr_jwt_why(jwt, NGX_ERROR, "the claim %s is no number",
                              name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_jwt_times(const ngx_cr_jwt_rules_t *rules, time_t now,
    ngx_cr_jwt_t *jwt)
{
    double      when;
    ngx_int_t   rc;

    when = 0;
    jwt->from = 0;

    rc = ngx_cr_jwt_time(jwt, "exp", &when);

    if (rc == NGX_DECLINED) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the claim exp is missing");
    }

    jwt->until = when + rules->leeway;

    if (rc == NGX_OK && jwt->until <= now) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                              "the token has expired");
    }

    if (rc == NGX_ERROR) {
        return NGX_CR_JWT_INVALID;
    }

    rc = ngx_cr_jwt_time(jwt, "nbf", &when);

    if (rc == NGX_OK) {
        jwt->from = when - rules->leeway;

        if (jwt->from > now) {
            return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                                  "the token is not valid yet");
        }
    }

    if (rc == NGX_ERROR) {
        return NGX_CR_JWT_INVALID;
    }

    rc = ngx_cr_jwt_time(jwt, "iat", &when);

    if (rc == NGX_OK) {
        jwt->from = ngx_max(jwt->from, when - rules->leeway);

        if (jwt->from > now) {
            return ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                                  "the token was issued in the future");
        }
    }

    return rc == NGX_ERROR ? NGX_CR_JWT_INVALID : NGX_OK;
}


static ngx_uint_t
ngx_cr_jwt_listed(const ngx_array_t *values, const char *text, size_t len)
{
    ngx_str_t   *value;
    ngx_uint_t   i;

    value = values->elts;

    for (i = 0; i < values->nelts; i++) {
        if (value[i].len == len && ngx_memcmp(value[i].data, text, len) == 0) {
            return 1;
        }
    }

    return 0;
}


/* A value that is one of them, or an array that has one. */

static ngx_uint_t
ngx_cr_jwt_has(const ngx_array_t *values, json_t *claim)
{
    char        number[32];
    json_t     *item;
    size_t      i;
    ngx_uint_t  found;

    switch (json_typeof(claim)) {

    case JSON_STRING:
        return ngx_cr_jwt_listed(values, json_string_value(claim),
                                 json_string_length(claim));

    case JSON_TRUE:
        return ngx_cr_jwt_listed(values, "true", 4);

    case JSON_FALSE:
        return ngx_cr_jwt_listed(values, "false", 5);

    case JSON_INTEGER:
        i = snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
                     json_integer_value(claim));
        return ngx_cr_jwt_listed(values, number, i);

    case JSON_ARRAY:
        found = 0;

        json_array_foreach(claim, i, item) {
            found |= !json_is_array(item) && ngx_cr_jwt_has(values, item);
        }

        return found;

    default:
        return 0;
    }
}


/* Of a scope each word counts (RFC 8693, section 4.2). */

static ngx_uint_t
ngx_cr_jwt_scope(const ngx_array_t *values, const char *text)
{
    size_t  len;

    for ( /* void */ ; *text; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");

        if (ngx_cr_jwt_listed(values, text, len)) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_cr_jwt_required(const ngx_cr_jwt_require_t *require, ngx_cr_jwt_t *jwt)
{
    json_t  *claim;

    claim = json_object_getn(jwt->claims, (char *) require->name.data,
                             require->name.len);

    if (claim == NULL || json_is_null(claim)) {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_NOT_YOURS,
                              "the claim %V is missing", &require->name);
    }

    if (require->values == NULL || ngx_cr_jwt_has(require->values, claim)
        || (require->name.len == 5 && json_is_string(claim)
            && ngx_memcmp(require->name.data, "scope", 5) == 0
            && ngx_cr_jwt_scope(require->values, json_string_value(claim))))
    {
        return NGX_OK;
    }

    return ngx_cr_jwt_why(jwt, NGX_CR_JWT_NOT_YOURS,
                          "the claim %V is none that is wanted here",
                          &require->name);
}


/* NGX_OK, or why not. */

static ngx_int_t
ngx_cr_jwt_revoked(const ngx_cr_deny_t *deny, ngx_cr_jwt_t *jwt)
{
    static const struct {
        ngx_cr_deny_kind_e   kind;
        const char          *claim;
    }  kinds[] = {
        { NGX_CR_DENY_JTI, "jti" },
        { NGX_CR_DENY_SUB, "sub" }
    };

    char         number[32];
    json_t      *claim;
    ngx_str_t    text;
    ngx_uint_t   i, denied;

    denied = ngx_cr_denied(deny, NGX_CR_DENY_TOKEN, &jwt->text);

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        claim = json_object_get(jwt->claims, kinds[i].claim);

        if (json_is_string(claim)) {
            text.data = (u_char *) json_string_value(claim);
            text.len = json_string_length(claim);

        } else if (json_is_integer(claim)) {
            text.data = (u_char *) number;
            text.len = snprintf(number, sizeof(number),
                                "%" JSON_INTEGER_FORMAT,
                                json_integer_value(claim));

        } else {
            continue;
        }

        denied |= ngx_cr_denied(deny, kinds[i].kind, &text);
    }

    return denied ? ngx_cr_jwt_why(jwt, NGX_CR_JWT_INVALID,
                                   "the token is revoked")
                  : NGX_OK;
}


ngx_int_t
ngx_cr_jwt_judge(const ngx_cr_jwt_rules_t *rules, time_t now,
    ngx_cr_jwt_t *jwt)
{
    json_t                *claim;
    ngx_int_t              rc;
    ngx_uint_t             i;
    ngx_cr_jwt_require_t  *require;

    rc = ngx_cr_jwt_times(rules, now, jwt);

    if (rc != NGX_OK) {
        return rc;
    }

    if (rules->deny) {
        rc = ngx_cr_jwt_revoked(rules->deny, jwt);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    claim = json_object_get(jwt->claims, "iss");

    if (rules->issuers
        && !(json_is_string(claim) && ngx_cr_jwt_has(rules->issuers, claim)))
    {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_NOT_YOURS,
                              "the claim iss is none that is wanted here");
    }

    claim = json_object_get(jwt->claims, "aud");

    if (rules->audiences
        && !(claim && ngx_cr_jwt_has(rules->audiences, claim)))
    {
        return ngx_cr_jwt_why(jwt, NGX_CR_JWT_NOT_YOURS,
                              "the claim aud is none that is wanted here");
    }

    if (rules->require == NULL) {
        return NGX_OK;
    }

    require = rules->require->elts;

    for (i = 0; i < rules->require->nelts; i++) {
        rc = ngx_cr_jwt_required(&require[i], jwt);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cr_jwt_check(ngx_pool_t *pool, const ngx_cr_jwt_rules_t *rules,
    const ngx_str_t *token, time_t now, ngx_cr_jwt_t *jwt)
{
    ngx_int_t  rc;

    rc = ngx_cr_jwt_parse(pool, token, rules->max_size, jwt);

    if (rc == NGX_OK) {
        rc = ngx_cr_jwt_signed(rules->keys, jwt);
    }

    if (rc == NGX_OK) {
        rc = ngx_cr_jwt_judge(rules, now, jwt);
    }

    return rc;
}
