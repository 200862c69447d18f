//! Removal of functions that are never called but that the compiler must keep.
//!
//! Every view can be hydrated synchronously, or asynchronously while parts of the page are still loading.
//! Both functions are compiled for each view, because views are type-erased. The page always loads its parts
//! before it hydrates (`frontend/src/lib.rs`), so the asynchronous ones are never called. Their bodies are
//! replaced by a trap, and the later optimisation removes them with everything that only they use: a tenth of
//! the module. The functions are found by name. A name that no function has is an error, because a new version
//! of the compiler or of Leptos may name them differently, and the module would silently grow.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::ops::AddAssign;
use wasm_encoder::{CodeSection, Function, Instruction, Module, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// Ends of the paths in the mangled names of those functions.
const UNUSED: [&str; 2] =
    ["13hydrate_async17h", "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h"];

/// Numbers of functions that had each of the names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replaced([usize; UNUSED.len()]);

impl AddAssign for Replaced {
    fn add_assign(&mut self, other: Self) {
        for (mine, others) in self.0.iter_mut().zip(other.0) {
            *mine += others;
        }
    }
}

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

/// Returns the module with those bodies replaced, and the numbers of them.
pub(crate) fn taken_out(module: &[u8]) -> Result<(Vec<u8>, Replaced)> {
    let (unused, replaced) = unused(module)?;
    let mut index = imported(module)?;
    let mut made = Module::new();
    let mut code = CodeSection::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context("the module cannot be read")?;
        match &payload {
            Payload::CodeSectionStart { .. } => {}
            Payload::CodeSectionEntry(body) => {
                if unused.contains(&index) {
                    let mut trap = Function::new([]);
                    trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
                    code.function(&trap);
                } else {
                    code.raw(body.as_bytes());
                }
                index += 1;
            }
            payload => {
                let Some((id, range)) = payload.as_section() else { continue };
                // This is the first section after the code.
                if !code.is_empty() {
                    made.section(&code);
                    code = CodeSection::new();
                }
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                made.section(&RawSection { id, data: &module[range] });
            }
        }
    }
    if !code.is_empty() {
        made.section(&code);
    }
    Ok((made.finish(), replaced))
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
        EntityType, FunctionSection, ImportSection, NameMap, NameSection, TypeSection,
    };

    /// Creates a module of one imported function and two empty ones of its own.
    fn module(names: [&str; 3]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("page", "outside", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            code.function(Function::new([]).instruction(&Instruction::End));
        }
        let mut named = NameMap::new();
        for (index, name) in (0..).zip(names) {
            named.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&named);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&code);
        module.section(&section);
        module.finish()
    }

    fn traps(module: &[u8]) -> Vec<bool> {
        let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
        let bodies = payloads.filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        bodies.map(|body| body.as_bytes() == [0, 0x00, 0x0b]).collect()
    }

    #[test]
    fn only_what_waits_becomes_a_trap() {
        let waits = "_ZN6tachys4view13hydrate_async17h0123456789abcdefE";
        let plain = "_ZN6tachys4view7hydrate17h0123456789abcdefE";
        let before = module(["outside", plain, waits]);
        assert_eq!(traps(&before), [false, false]);
        let (after, replaced) = taken_out(&before).unwrap();
        assert_eq!(traps(&after), [false, true]);
        assert_eq!(replaced, Replaced([1, 0]));
        // Everything else is unchanged.
        assert_eq!(after.len(), before.len() + 1);
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
        let mut replaced = Replaced([3, 0]);
        let error = replaced.number().unwrap_err().to_string();
        assert!(error.contains(UNUSED[1]) && error.contains("unused.rs"), "{error}");
        replaced += Replaced([1, 2]);
        assert_eq!(replaced.number().unwrap(), 6);
    }
}
