# Sourced by tests/run: brings axe-core, as package-lock.json pins it, to build/browser. Without npm the tests that need it
# are skipped, in words.
install_axe() {
  local from=tests/web/browser to=build/browser
  [ -e $to/node_modules/axe-core/axe.min.js ] && cmp -s $from/package-lock.json $to/package-lock.json && return 0
  if ! command -v npm > /dev/null; then
    echo 'npm is missing (Debian: apt-get install npm): the accessibility check of the pages will be skipped' >&2
    return 0
  fi
  mkdir -p $to
  cp $from/package.json $from/package-lock.json $to/
  npm ci --prefix $to --ignore-scripts --no-audit --no-fund > $to/npm.log 2>&1 || {
    tail -n 5 $to/npm.log >&2
    echo 'axe-core could not be installed: the accessibility check of the pages will be skipped' >&2
  }
}
