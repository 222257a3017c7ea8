#!/bin/sh
# Build the interactive parts of the pages, with the Node.js of this machine (18 or later, with npm) or else that of PyPI.
# $1: the virtual environment of the project. Without Node.js and without network the site works, only plainer.
set -eu
venv=$(cd "$1" && pwd)
cd "$(dirname "$0")"

modern() {
    command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null
}

failed() {
    echo "De werkbank op /sparql is niet gebouwd ($1 lukte niet); het formulier werkt wel. Later opnieuw: make frontend" >&2
    exit 1
}

if ! modern; then
    if ! [ -x "$venv/nodejs/bin/npm" ]; then
        "$venv/bin/python" -m venv "$venv/nodejs"
        "$venv/nodejs/bin/python" -m pip --disable-pip-version-check install --quiet --retries 1 \
            -r nodejs.txt || failed "Node.js van PyPI halen"
    fi
    PATH="$venv/nodejs/bin:$PATH"
fi
npm ci --omit=dev --loglevel=error >/dev/null || failed "npm ci"
node build.mjs || failed "esbuild"
