# What a token costs: by the module's own code alone, and what is left of
# requests a second.  Sourced by run.sh.

TOKENS_ALGS='HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512
             ES256 ES384 ES512 EdDSA'

tokens_prepare() {
    token=$("$ROOT/build/bench/cr_tokens" -w "$PRIVATE") \
        || die "no token was made"

    # A picture, for what is returned by `return` asks nobody who comes.
    TOKENS_LOCATIONS="location = /gif { empty_gif; }
        location = /token {
            coderemote_jwt bench;
            coderemote_jwt_key_file $PRIVATE/key.pem;
            empty_gif;
        }"
}

tokens_round() {
    keep tokens "$ROOT/build/bench/cr_tokens" -n 500
    keep gif $bench -c 16 -d 2 "$PORT" /gif
    keep token $bench -c 16 -d 2 -t "$token" "$PORT" /token
}

tokens_us() {   # tokens_us KEY
    calc %.1f "$(value tokens "$1") / 1000"
}

tokens_tell() {
    local alg

    echo
    echo "A token of $(value tokens bytes) bytes, in us (p50): verified for" \
        "the first time,"
    echo 'or seen before, whatever its algorithm'
    for alg in $TOKENS_ALGS; do
        printf '%-10s %9s\n' "$alg" "$(tokens_us "$alg")"
    done
    printf '%-10s %9s\n' 'seen' "$(tokens_us seen)"

    echo
    ratio 'RS256 for the first time, us' "$(tokens_us RS256)" 'at most 60'
    ratio 'a token that was seen before, us' "$(tokens_us seen)" 'at most 5'
    ratio 'seen before, to RS256 for the first time' \
        "$(calc %.3f "$(value tokens seen) / $(value tokens RS256)")" \
        'at most 0.083'
    ratio 'requests/s with a token, to those without' \
        "$(calc %.3f "$(value token rate) / $(value gif rate)")" 'told'
    echo "requests/s, 16 clients: $(value gif rate) without," \
        "$(value token rate) with a token"
}
