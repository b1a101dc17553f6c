//! `docs/compatibility.md` names tests for each line of the contract; each of those tests exists.

use std::path::{Path, PathBuf};

/// The prefixes of paths in the document, and the folders that they stand for.
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
    let (_, table) = document.split_once("| Behaviour | Tests |\n|---|---|\n").unwrap();
    let rows: Vec<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 60, "the table has only {} rows", rows.len());
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
            let definition = match Path::new(short).extension().and_then(|extension| extension.to_str()) {
                Some("rs") => format!("fn {test}("),
                Some("py") => format!("def {test}(self"),
                _ => format!("test(\"{test}\""),
            };
            assert!(code.contains(&definition), "{line}: there is no test {name}");
        }
    }
}
