# Reads what cargo test, Node's test runner, unittest, tests/openapi/run.py or scripts/fuzz.sh printed; prints how many tests passed and how many failed.
{ gsub(/\033\[[0-9;]*m/, "") }
/^test result: / { for (i = 2; i <= NF; i++) { if ($i == "passed;") passed += $(i - 1); if ($i == "failed;") failed += $(i - 1) } }
/^(Operations|Targets): [0-9]+ passed, [0-9]+ failed$/ { passed += $2; failed += $4 }
/^ℹ pass / { passed += $3 }
/^ℹ (fail|cancelled) / { failed += $3 }
/^Ran [0-9]+ tests? in / { ran += $2 }
/^(OK|FAILED) \(/ {
  while (match($0, /[a-z ]+=[0-9]+/)) {
    split(substr($0, RSTART, RLENGTH), part, "=")
    sub(/^ +/, "", part[1])
    if (part[1] == "failures" || part[1] == "errors" || part[1] == "unexpected successes") { failed += part[2]; ran -= part[2] }
    if (part[1] == "skipped") ran -= part[2]
    $0 = substr($0, RSTART + RLENGTH)
  }
}
END { print passed + ran + 0, failed + 0 }
