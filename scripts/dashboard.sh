#!/usr/bin/env bash
# Makes what Trunk built of the dashboard smaller, and gives its page the texts: Trunk's hook (Trunk.toml) calls it.
set -euo pipefail
cd "$TRUNK_SOURCE_DIR"
. scripts/tools.sh
. scripts/shrink.sh

dist=$TRUNK_STAGING_DIR
page=$dist/index.html
work=target/dashboard

# The page names the files as Trunk did, with a hash of what they were before.
built=$(basename "$dist"/ringback-dashboard-*.js .js)
for file in "${built}_bg.wasm" "$built.js"; do mv "$dist/$file" "$work/${file/$built/dashboard}"; done
shrink "$work" dashboard
minify --format=esm --outfile="$work/glue.js" "$work/dashboard.js"
sed -i "s/$built\.js/$(hashed "$work/glue.js" "$dist" dashboard js)/g" "$page"
sed -i "s/${built}_bg\.wasm/$(hashed "$work/dashboard.wasm" "$dist" dashboard wasm)/g" "$page"

# The code starts when the splash is painted, or, since a tab in the background paints nothing, a moment later.
painted='await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); setTimeout(resolve, 100); });'
sed -i "s|^import init from \(.*\);|$painted\nconst { default: init } = await import(\1);|" "$page"
grep -q "^const { default: init }" "$page" || die "Trunk starts the dashboard otherwise than this script expects"

for language in en de; do
  node scripts/texts.js "$language" >"$work/$language.json"
  sed -i "s/\/$language\.json/\/$(hashed "$work/$language.json" "$dist" "$language" json)/" "$page"
done
