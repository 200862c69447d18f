//! Tests that the index gives the same results as evaluating a filter change by change in memory.

mod any_filter;
mod great_blocks;
mod model;
mod sample;
