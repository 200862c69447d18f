//! Property tests of the fold over random histories: records rebuild an inspection, changes can be
//! undone, earlier states restored, and any two states compared.

mod compare;
mod histories;
mod rebuild;
mod restore;
mod undo;
