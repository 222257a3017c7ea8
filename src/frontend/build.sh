#!/bin/sh
# Build the interactive parts of the pages, with the Node.js of this machine (18 or later, with npm) or else that of PyPI.
# $1: the virtual environment of the project; $2: 'check' to check types instead. Without Node.js and without network the
# site works, only plainer.
set -eu
venv=$(cd "$1" && pwd)
log=$venv/frontend.log
cd "$(dirname "$0")"

modern() {
    command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null
}

failed() {
    echo "De werkbank op /sparql is niet gebouwd: $1 lukte niet ($log). Het formulier werkt wel; later: make frontend" >&2
    exit 1
}

if ! modern; then
    if ! [ -x "$venv/nodejs/bin/npm" ]; then
        "$venv/bin/python" -m venv "$venv/nodejs"
        "$venv/nodejs/bin/python" -m pip --disable-pip-version-check install --quiet --retries 1 -r nodejs.txt \
            >"$log" 2>&1 || failed "Node.js van PyPI halen"
    fi
    PATH="$venv/nodejs/bin:$PATH"
fi
if [ "${2:-}" = check ]; then
    [ -x node_modules/.bin/tsc ] || npm ci >"$log" 2>&1 || failed "npm ci"
    exec npm run --silent check
fi
npm ci --omit=dev >"$log" 2>&1 || failed "npm ci"
node build.mjs >"$log" 2>&1 || failed "esbuild"
