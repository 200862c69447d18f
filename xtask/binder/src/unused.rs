//! Removal of functions that are never called but that the compiler must keep.
//!
//! Every view can be hydrated synchronously, or asynchronously while parts of the page are still loading.
//! Both functions are compiled for each view, because views are type-erased. The page always loads its parts
//! before it hydrates (`frontend/src/lib.rs`), so the asynchronous ones are never called. Their bodies are
//! replaced by a trap before the module is split, and the relocations in them are removed: the splitter then
//! leaves out all functions and data that only they refer to, a tenth of the module. The functions are found
//! by name. A name that no function has is an error, because a new version of the compiler or of Leptos may
//! name them differently, and the module would silently grow.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::ops::Range;
use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{CustomSectionReader, KnownCustom, Name, Parser, Payload};

/// Ends of the paths in the mangled names of those functions.
const UNUSED: [&str; 2] =
    ["13hydrate_async17h", "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h"];

/// Numbers of functions that had each of the names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replaced([usize; UNUSED.len()]);

impl Replaced {
    /// Returns the number of all functions whose bodies were replaced.
    ///
    /// # Errors
    /// No function had one of the names.
    pub(crate) fn number(&self) -> Result<usize> {
        for (name, number) in UNUSED.iter().zip(self.0) {
            ensure!(
                number > 0,
                "No function of the page has a name with `{name}`. Update the names of the functions that are \
                 never called in xtask/binder/src/unused.rs"
            );
        }
        Ok(self.0.iter().sum())
    }
}

/// Returns the module with those bodies replaced, and the numbers of them. The replacements are as long as the
/// bodies, so that the positions in all relocations stay valid.
pub(crate) fn taken_out(module: &[u8]) -> Result<(Vec<u8>, Replaced)> {
    let (unused, replaced) = unused(module)?;
    let mut index = imported(module)?;
    let mut trapped = module.to_vec();
    let mut code_start = 0;
    let mut bodies = Vec::new();
    let mut made = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context("the module cannot be read")?;
        match &payload {
            Payload::CodeSectionStart { range, .. } => code_start = usize::try_from(range.start)?,
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                if unused.contains(&index) && trap(&mut trapped[range.clone()]) {
                    bodies.push(range.start - code_start..range.end - code_start);
                }
                index += 1;
            }
            _ => {}
        }
    }
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::CustomSection(section) = &payload
            && section.name() == RELOCATIONS
        {
            let data = without(section, &bodies)?;
            made.section(&CustomSection { name: RELOCATIONS.into(), data: data.into() });
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            made.section(&RawSection { id, data: &trapped[range] });
        }
    }
    Ok((made.finish(), replaced))
}

/// Name of the section with the relocations of the code.
const RELOCATIONS: &str = "reloc.CODE";

/// Overwrites the body of a function with a trap. Returns whether it is long enough.
fn trap(body: &mut [u8]) -> bool {
    const NO_LOCALS: u8 = 0;
    const UNREACHABLE: u8 = 0;
    const NOP: u8 = 1;
    const END: u8 = 0x0b;
    let [locals, first, rest @ .., last] = body else { return false };
    (*locals, *first, *last) = (NO_LOCALS, UNREACHABLE, END);
    rest.fill(NOP);
    true
}

/// Returns the content of a section of relocations without those in the bodies, whose positions are relative to
/// the code section.
fn without(section: &CustomSectionReader<'_>, bodies: &[Range<usize>]) -> Result<Vec<u8>> {
    let KnownCustom::Reloc(relocations) = section.as_known() else {
        anyhow::bail!("the relocations cannot be read");
    };
    let (data, start) = (section.data(), section.data_offset());
    let mut entries = Vec::new();
    for entry in relocations.entries().into_iter_with_offsets() {
        let (position, entry) = entry?;
        entries.push((usize::try_from(position - start)?, usize::try_from(entry.offset)?));
    }
    let ends = entries.iter().skip(1).map(|(position, _)| *position).chain([data.len()]);
    let (mut number, mut kept) = (0_u32, Vec::new());
    for (&(position, offset), end) in entries.iter().zip(ends) {
        let next = bodies.partition_point(|body| body.end <= offset);
        if bodies.get(next).is_none_or(|body| offset < body.start) {
            number += 1;
            kept.extend_from_slice(&data[position..end]);
        }
    }
    let mut made = Vec::new();
    relocations.section_index().encode(&mut made);
    number.encode(&mut made);
    made.extend(kept);
    Ok(made)
}

/// Returns the number of imported functions, which have the lowest indices.
fn imported(module: &[u8]) -> Result<u32> {
    let mut number = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                number += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
            }
        }
    }
    Ok(number)
}

/// Returns the indices of the functions that are never called, and the number of them for each name.
fn unused(module: &[u8]) -> Result<(BTreeSet<u32>, Replaced)> {
    let (mut found, mut replaced) = (BTreeSet::new(), Replaced::default());
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(names) = section.as_known() else { continue };
        for names in names {
            // Unknown kinds of names are not needed.
            let Ok(Name::Function(names)) = names else { continue };
            for name in names {
                let name = name?;
                if let Some(at) = UNUSED.iter().position(|unused| name.name.contains(unused)) {
                    found.insert(name.index);
                    replaced.0[at] += 1;
                }
            }
        }
    }
    Ok((found, replaced))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, Function, FunctionSection, ImportSection, Instruction, NameMap,
        NameSection, TypeSection,
    };

    /// Creates a module of one imported function and two of its own, each of which calls the imported one and
    /// has a relocation for that.
    fn module(names: [&str; 3]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("page", "outside", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            let mut calls = Function::new([]);
            code.function(calls.instruction(&Instruction::Call(0)).instruction(&Instruction::End));
        }
        // The section begins with the number of functions and the length of the first.
        let relocations = vec![3, 2, 0, 4, 0, 0, 9, 0];
        let relocations = CustomSection { name: RELOCATIONS.into(), data: relocations.into() };
        let mut named = NameMap::new();
        for (index, name) in (0..).zip(names) {
            named.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&named);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&code);
        module.section(&relocations).section(&section);
        module.finish()
    }

    fn traps(module: &[u8]) -> Vec<bool> {
        let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
        let bodies = payloads.filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        bodies.map(|body| body.as_bytes() == [0, 0x00, 0x01, 0x0b]).collect()
    }

    /// Returns the positions of the relocations.
    fn relocations(module: &[u8]) -> Vec<u32> {
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CustomSection(section) = payload.unwrap()
                && let KnownCustom::Reloc(relocations) = section.as_known()
            {
                found.extend(relocations.entries().into_iter().map(|entry| entry.unwrap().offset));
            }
        }
        found
    }

    #[test]
    fn only_what_waits_becomes_a_trap() {
        let waits = "_ZN6tachys4view13hydrate_async17h0123456789abcdefE";
        let plain = "_ZN6tachys4view7hydrate17h0123456789abcdefE";
        let before = module(["outside", plain, waits]);
        assert_eq!((traps(&before), relocations(&before)), (vec![false, false], vec![4, 9]));
        let (after, replaced) = taken_out(&before).unwrap();
        assert_eq!((traps(&after), relocations(&after)), (vec![false, true], vec![4]));
        assert_eq!(replaced, Replaced([1, 0]));
        // Everything else is unchanged: one relocation of three bytes is gone.
        assert_eq!(after.len() + 3, before.len());
    }

    #[test]
    fn nothing_to_take_out_leaves_the_module_alone() {
        let before = module(["outside", "one", "another"]);
        let (after, replaced) = taken_out(&before).unwrap();
        assert_eq!((after, replaced), (before, Replaced::default()));
        assert!(taken_out(b"no module").is_err());
    }

    #[test]
    fn a_name_that_no_function_has_is_an_error() {
        let error = Replaced([3, 0]).number().unwrap_err().to_string();
        assert!(error.contains(UNUSED[1]) && error.contains("unused.rs"), "{error}");
        assert_eq!(Replaced([4, 2]).number().unwrap(), 6);
    }
}
