#!/bin/sh
# Runs the recipes that are no unit tests: Jest by npx, Go and Django where this machine has them. After npm run build.
# HOMOLOGA_FORBID_SKIP makes it an error to lack one. PYTHON and GO name others than the first that are found. With a word,
# such as Jest, that recipe alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
HOMOLOGA="node $(pwd)/dist/cli/homologa.js"
export HOMOLOGA
failed=0
asked=${1:-}

wants() { [ -z "$asked" ] || [ "$asked" = "$1" ]; }
run() {
  name=$1
  shift
  echo "== $name"
  "$@" || { echo "!! $name failed"; failed=1; }
}
lacks() {
  echo "-- skipped: $1 needs $2"
  [ -z "${HOMOLOGA_FORBID_SKIP:-}" ] || failed=1
}

wants Jest && run Jest env NODE_OPTIONS=--experimental-vm-modules npx --yes jest@30 --config examples/recipes/jest/jest.config.js

go=${GO:-go}
if ! wants Go; then :; elif command -v "$go" >/dev/null; then
  run Go sh -c "cd examples/recipes/go && \"$go\" test -count=1 ./..."
else
  lacks Go 'go ("apt-get install golang-go")'
fi

python=
for candidate in ${PYTHON:-python3 /usr/bin/python3}; do
  if "$candidate" -c 'import django' 2>/dev/null; then python=$candidate; break; fi
done
if ! wants Django; then :; elif [ -n "$python" ]; then
  run Django sh -c "cd examples/recipes/django && PYTHONDONTWRITEBYTECODE=1 \"$python\" -m unittest test_shop"
else
  lacks Django 'Django ("apt-get install python3-django")'
fi
exit "$failed"
