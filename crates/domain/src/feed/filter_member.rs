//! Members of a filter, which hold the values of one key.

use crate::feed::Group;
use std::slice;

/// Member of a filter that holds the values of one key.
pub(crate) trait FilterMember {
    /// The value's type.
    type Value;

    /// Sets or adds the value.
    fn put(&mut self, value: Self::Value);

    /// Returns the values that differ from the default.
    fn values(&self) -> &[Self::Value];
}

impl<T: PartialEq> FilterMember for Vec<T> {
    type Value = T;

    fn put(&mut self, value: T) {
        if !self.contains(&value) {
            self.push(value);
        }
    }

    fn values(&self) -> &[T] {
        self
    }
}

impl<T> FilterMember for Option<T> {
    type Value = T;

    fn put(&mut self, value: T) {
        *self = Some(value);
    }

    fn values(&self) -> &[T] {
        self.as_slice()
    }
}

impl FilterMember for String {
    type Value = Self;

    fn put(&mut self, value: Self) {
        *self = value;
    }

    fn values(&self) -> &[Self] {
        if self.is_empty() { &[] } else { slice::from_ref(self) }
    }
}

impl FilterMember for Group {
    type Value = Self;

    fn put(&mut self, value: Self) {
        *self = value;
    }

    fn values(&self) -> &[Self] {
        if *self == Self::default() { &[] } else { slice::from_ref(self) }
    }
}
