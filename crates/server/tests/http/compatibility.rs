//! `docs/compatibility.md` says of each line of the contract which test holds it; each of those tests exists.

use std::path::{Path, PathBuf};

/// Where the document's short paths lead, from the root of the repository.
const ROOTS: [(&str, &str); 6] = [
    ("http/", "crates/server/tests/http/"),
    ("store/", "crates/server/tests/store/"),
    ("src/", "crates/server/src/"),
    ("api/", "crates/api/src/"),
    ("node/", "tests/node/"),
    ("python/", "tests/python/"),
];

fn file(short: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (alias, folder) = ROOTS.into_iter().find(|(alias, _)| short.starts_with(alias)).unwrap();
    root.join(folder).join(short.strip_prefix(alias).unwrap())
}

#[test]
fn every_line_names_tests_that_exist() {
    let document = include_str!("../../../../docs/compatibility.md");
    let (_, table) = document.split_once("| the original, and what we chose | held by |\n|---|---|\n").unwrap();
    let rows: Vec<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 60, "the table is not where it was");
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [line, tests] = cells[..] else { panic!("{row}") };
        if line.starts_with("**") {
            continue;
        }
        let names: Vec<_> = tests.split('`').filter(|part| part.contains("::")).collect();
        assert!(!names.is_empty(), "{line} names no test");
        for name in names {
            let (short, test) = name.split_once("::").unwrap();
            let code = std::fs::read_to_string(file(short)).unwrap_or_else(|error| panic!("{short}: {error}"));
            let written = match Path::new(short).extension().and_then(|extension| extension.to_str()) {
                Some("rs") => format!("fn {test}("),
                Some("py") => format!("def {test}(self"),
                _ => format!("test('{test}'"),
            };
            assert!(code.contains(&written), "{line}: there is no test {name}");
        }
    }
}
