//! Modules of a crate, parsed from its files without compilation.

use anyhow::{Context, Result};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

/// Named item of a module.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) name: String,
    /// Whether it is `pub` without a restriction.
    pub(crate) is_public: bool,
    /// Whether it is a type, a trait, or a component, which is named like a type.
    pub(crate) is_type: bool,
}

/// Name that a `use` declaration imports into a module.
#[derive(Debug)]
pub(crate) struct Import {
    /// Name in this module; `*` for a glob.
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
}

/// Path in an expression, a type or a macro.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
}

/// Module: a file, or an inline module.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    /// Module of the containing file; the module itself for a file.
    pub(crate) file_module: usize,
    pub(crate) file: PathBuf,
    pub(crate) items: Vec<Item>,
    pub(crate) imports: Vec<Import>,
    pub(crate) mentions: Vec<Mention>,
}

/// Modules of a crate, without test modules. The first one is the crate's root.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) modules: Vec<Module>,
}

impl Crate {
    /// Parses the crate whose root is `file`, such as `src/lib.rs`. File names are relative to
    /// `root`.
    pub(crate) fn read(root: &Path, file: &Path) -> Result<Self> {
        let mut this = Self::default();
        let tokens = tokens(file)?;
        let folder = file.parent().unwrap_or_else(|| Path::new("")).to_owned();
        this.modules.push(Module { file: file.to_owned(), ..Module::default() });
        this.read_body(0, tokens, &folder)?;
        for module in &mut this.modules {
            if let Ok(file) = module.file.strip_prefix(root) {
                module.file = file.to_owned();
            }
        }
        Ok(this)
    }

    /// Returns the path of a module below the root, such as `changes::view`; `crate` for the root.
    pub(crate) fn path(&self, module: usize) -> String {
        match self.modules[module].parent {
            None => "crate".to_owned(),
            Some(0) => self.modules[module].name.clone(),
            Some(parent) => format!("{}::{}", self.path(parent), self.modules[module].name),
        }
    }

    /// Returns whether one of the two modules contains the other.
    pub(crate) fn are_nested(&self, one: usize, other: usize) -> bool {
        self.ancestry(one).contains(&other) || self.ancestry(other).contains(&one)
    }

    /// Returns the sibling modules that contain or are the two modules. They must not be nested.
    pub(crate) fn beside(&self, one: usize, other: usize) -> (usize, usize) {
        let mut ancestries = self.ancestry(one).into_iter().zip(self.ancestry(other));
        ancestries.find(|(one, other)| one != other).unwrap_or((one, other))
    }

    /// Returns the ancestors of a module from the root, and the module itself.
    fn ancestry(&self, module: usize) -> Vec<usize> {
        let mut ancestry = vec![module];
        let mut module = module;
        while let Some(parent) = self.modules[module].parent {
            ancestry.push(parent);
            module = parent;
        }
        ancestry.reverse();
        ancestry
    }

    fn read_body(&mut self, module: usize, tokens: TokenStream, folder: &Path) -> Result<()> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut at, mut attributes, mut is_public) = (0, Vec::new(), false);
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    // `#![…]` is an attribute of the enclosing module.
                    if matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == '!') {
                        at += 1;
                    }
                    attributes.extend(tokens.get(at).map(ToString::to_string));
                    at += 1;
                    continue;
                }
                TokenTree::Ident(_) if attributes.iter().any(|it| is_for_tests(it)) => {
                    at += after_item(&tokens[at..]);
                }
                TokenTree::Ident(word) if *word == "pub" => {
                    is_public = !matches!(tokens.get(at), Some(TokenTree::Group(_)));
                    at += usize::from(!is_public);
                    continue;
                }
                TokenTree::Ident(word) if *word == "use" => {
                    at += self.read_use(module, &tokens[at..]);
                }
                TokenTree::Ident(word) if *word == "mod" => {
                    if let (Some(TokenTree::Ident(name)), Some(body)) =
                        (tokens.get(at), tokens.get(at + 1))
                    {
                        self.read_module(module, name, body, folder, &attributes)?;
                        at += 2;
                    }
                }
                TokenTree::Ident(word) if *word == "macro_rules" => {
                    at += after_item(&tokens[at..]);
                }
                TokenTree::Ident(word) => {
                    if let Some(TokenTree::Ident(name)) = tokens.get(at)
                        && let Some(item) = item(&word.to_string(), &name.to_string(), is_public)
                    {
                        self.modules[module].items.push(item);
                    }
                    let end = at + after_item(&tokens[at..]);
                    self.read_macro_items(module, &tokens[at..end]);
                    self.read_mentions(module, &tokens[at - 1..end]);
                    at = end;
                }
                _ => {}
            }
            attributes.clear();
            is_public = false;
        }
        Ok(())
    }

    /// Parses `mod name;` or `mod name { … }`, unless it is for tests.
    fn read_module(
        &mut self,
        parent: usize,
        name: &Ident,
        body: &TokenTree,
        folder: &Path,
        attributes: &[String],
    ) -> Result<()> {
        let (name, index) = (name.to_string(), self.modules.len());
        let below = folder.join(&name);
        let mut module = Module { name: name.clone(), parent: Some(parent), ..Module::default() };
        let (tokens, below) = match body {
            TokenTree::Group(group) => {
                module.file_module = self.modules[parent].file_module;
                module.file.clone_from(&self.modules[parent].file);
                (group.stream(), below)
            }
            _ => {
                let named = attributes.iter().find_map(|it| path_attribute(it));
                let beside = named.map(|path| {
                    let file = &self.modules[parent].file;
                    file.parent().unwrap_or_else(|| Path::new("")).join(path)
                });
                let file = beside.unwrap_or_else(|| {
                    let file = folder.join(format!("{name}.rs"));
                    if file.is_file() { file } else { below.join("mod.rs") }
                });
                module.file_module = index;
                module.file.clone_from(&file);
                (tokens(&file)?, below)
            }
        };
        self.modules.push(module);
        self.modules[parent].children.push(index);
        self.read_body(index, tokens, &below)
    }

    /// Parses a `use` declaration up to its semicolon. Returns its number of tokens.
    fn read_use(&mut self, module: usize, tokens: &[TokenTree]) -> usize {
        let end = tokens.iter().position(|it| is_punct(it, ';')).unwrap_or(tokens.len());
        use_tree(&tokens[..end], &[], &mut self.modules[module].imports);
        end
    }

    /// Parses the types that a macro declares in its braces, as in
    /// `slugs! { pub enum Action { … } }`.
    fn read_macro_items(&mut self, module: usize, tokens: &[TokenTree]) {
        let [TokenTree::Punct(mark), TokenTree::Group(group), ..] = tokens else { return };
        if mark.as_char() != '!' {
            return;
        }
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        for three in tokens.windows(3) {
            if let [TokenTree::Ident(first), TokenTree::Ident(word), TokenTree::Ident(name)] = three
                && *first == "pub"
            {
                let item = item(&word.to_string(), &name.to_string(), true);
                self.modules[module].items.extend(item);
            }
        }
    }

    /// Parses the paths in these tokens and in all nested groups.
    fn read_mentions(&mut self, module: usize, tokens: &[TokenTree]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => {
                    let within: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.read_mentions(module, &within);
                }
                // `use<'a>` is not an import.
                TokenTree::Ident(word)
                    if *word == "use" && !tokens.get(at).is_some_and(|it| is_punct(it, '<')) =>
                {
                    at += self.read_use(module, &tokens[at..]);
                }
                TokenTree::Ident(word) => {
                    let line = word.span().start().line;
                    let mut path = vec![word.to_string()];
                    while let Some(next) = next_segment(&tokens[at..]) {
                        path.push(next);
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.modules[module].mentions.push(Mention { path, line });
                    }
                }
                _ => {}
            }
        }
    }
}

fn tokens(file: &Path) -> Result<TokenStream> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.parse().map_err(|error| anyhow::anyhow!("{} is not Rust: {error}", file.display()))
}

/// Returns the item declared by `word name`, such as `struct Change`.
fn item(word: &str, name: &str, is_public: bool) -> Option<Item> {
    let is_type = match word {
        "struct" | "enum" | "union" | "trait" | "type" => true,
        // A component is a function with the name of a type.
        "fn" => name.starts_with(char::is_uppercase),
        "const" | "static" => false,
        _ => return None,
    };
    Some(Item { name: name.to_owned(), is_public, is_type })
}

/// Returns the number of remaining tokens of an item, up to its semicolon or its braces.
fn after_item(tokens: &[TokenTree]) -> usize {
    let is_end = |token: &TokenTree| {
        is_punct(token, ';')
            || matches!(token, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace)
    };
    tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1)
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// Returns the segment after `::`.
fn next_segment(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [one, two, TokenTree::Ident(name), ..] if is_punct(one, ':') && is_punct(two, ':') => {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn use_tree(tokens: &[TokenTree], before: &[String], imports: &mut Vec<Import>) {
    let (mut path, mut name, mut line) = (before.to_vec(), None, 0);
    let mut tokens = tokens.iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if *word == "as" => {
                name = tokens.next().map(ToString::to_string)
            }
            // `{self}` imports the module itself.
            TokenTree::Ident(word) if *word == "self" && !path.is_empty() => {
                line = word.span().start().line;
            }
            TokenTree::Ident(word) => {
                line = word.span().start().line;
                path.push(word.to_string());
            }
            TokenTree::Punct(punct) if punct.as_char() == '*' => {
                line = punct.span().start().line;
                name = Some("*".to_owned());
            }
            TokenTree::Group(group) => {
                let within: Vec<TokenTree> = group.stream().into_iter().collect();
                for tree in within.split(|it| is_punct(it, ',')) {
                    use_tree(tree, &path, imports);
                }
                return;
            }
            _ => {}
        }
    }
    if let (Some(last), true) = (path.last(), line > 0) {
        imports.push(Import { name: name.unwrap_or_else(|| last.clone()), path, line });
    }
}

/// Returns whether an attribute restricts its item to tests.
fn is_for_tests(attribute: &str) -> bool {
    let attribute: String = attribute.split_whitespace().collect();
    attribute == "[cfg(test)]" || attribute.starts_with("[cfg(all(test,")
}

/// Returns the file in `#[path = "…"]`.
fn path_attribute(attribute: &str) -> Option<&str> {
    attribute.strip_prefix("[path = \"")?.strip_suffix("\"]")
}

#[cfg(test)]
mod tests {
    use crate::structure::tests::krate;

    #[test]
    fn modules_are_found_where_rust_finds_them() {
        let krate = krate(&[
            ("lib.rs", "mod a; mod b; #[path = \"d.rs\"] mod c; #[cfg(test)] mod tests;"),
            ("a/mod.rs", "mod inner { mod deep; }"),
            ("a/inner/deep.rs", ""),
            ("b.rs", "mod below;"),
            ("b/below.rs", ""),
            ("d.rs", ""),
        ]);
        let paths: Vec<String> = (0..krate.modules.len()).map(|it| krate.path(it)).collect();
        assert_eq!(paths, ["crate", "a", "a::inner", "a::inner::deep", "b", "b::below", "c"]);
        assert_eq!(krate.modules[2].file_module, 1);
    }

    #[test]
    fn declarations_and_imports_are_read_and_tests_are_not() {
        let krate = krate(&[(
            "lib.rs",
            "pub struct A; pub(crate) enum B {} slugs! { pub enum C { D } } \
             use x::{self, y as z, w::*}; \
             fn f() -> impl Iterator + use<'static> { use q::R; s::t() } \
             #[cfg(test)] mod tests { pub struct E; use v::V; }",
        )]);
        let root = &krate.modules[0];
        let items: Vec<_> = root.items.iter().map(|it| (it.name.as_str(), it.is_public)).collect();
        assert_eq!(items, [("A", true), ("B", false), ("C", true), ("f", false)]);
        let imports: Vec<_> =
            root.imports.iter().map(|it| format!("{} = {}", it.name, it.path.join("::"))).collect();
        assert_eq!(imports, ["x = x", "z = x::y", "* = x::w", "R = q::R"]);
        let mentions: Vec<_> = root.mentions.iter().map(|it| it.path.join("::")).collect();
        assert_eq!(mentions, ["s::t"]);
    }
}
