#!/bin/sh
# Judges your application in any CI: sh verify.sh. The exit code is homologa's; the reports are in homologa-report/.
#
#   HOMOLOGA_FILE     the verify file (homologa.yaml)
#   HOMOLOGA_ONLY     checks or beginnings of their ids, separated by white space; empty for all
#   HOMOLOGA_STRICT   true counts warnings as failures
#   HOMOLOGA_OUT      where the reports go (homologa-report)
#   HOMOLOGA          the command (npx --yes homologa), in words that white space separates
set -u
out=${HOMOLOGA_OUT:-homologa-report}

set -- verify "${HOMOLOGA_FILE:-homologa.yaml}" --out "$out"
for check in ${HOMOLOGA_ONLY:-}; do
  set -- "$@" --only "$check"
done
if [ "${HOMOLOGA_STRICT:-false}" = true ]; then
  set -- "$@" --strict
fi

code=0
${HOMOLOGA:-npx --yes homologa} "$@" || code=$?

# Where GitHub shows the summary of a job; elsewhere summary.md is a file like the others.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$out/summary.md" ]; then
  cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
