//! Embeds the files that Trunk built in `dist/` into the binary: each uncompressed, and as brotli and gzip if that is
//! smaller. Without `dist/` the server still builds, and answers requests for pages with an error.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../dist");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed={}", dist.display());

    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut files)?;
    }
    files.sort();

    let mut table = String::from("&[\n");
    let mut hashes = Vec::new();
    for file in &files {
        let path = format!("/{}", file.strip_prefix(&dist)?.to_str().ok_or("a name is not UTF-8")?);
        let plain = fs::read(file)?;
        if path == "/index.html" {
            hashes = inline_scripts(std::str::from_utf8(&plain)?);
        }
        let digest = Sha256::digest(&plain);
        let etag = hex::encode(digest);
        writeln!(
            table,
            "Asset {{ path: {path:?}, etag: \"W/\\\"{etag}\\\"\", plain: include_bytes!({:?}),",
            file.canonicalize()?.display().to_string()
        )?;
        for (name, bytes) in [("brotli", brotli(&plain)?), ("gzip", gzip(&plain)?)] {
            if bytes.len() < plain.len() {
                let target = out.join(format!("{etag}.{name}"));
                fs::write(&target, bytes)?;
                writeln!(table, "{name}: Some(include_bytes!({:?})),", target.display().to_string())?;
            } else {
                writeln!(table, "{name}: None,")?;
            }
        }
        table.push_str("},\n");
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)?;
    fs::write(out.join("inline_scripts.rs"), format!("&{hashes:?}"))?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// The CSP sources of a page's inline scripts, such as `'sha256-…'`.
fn inline_scripts(page: &str) -> Vec<String> {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split_once("</script>"))
        .map(|(script, _)| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect()
}

fn brotli(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    // Smallest output for a release, a fast build otherwise.
    let quality = if env::var("PROFILE").is_ok_and(|profile| profile == "release") { 11 } else { 4 };
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    let mut bytes = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut bytes, &params)?;
    Ok(bytes)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}
