//! A report as a task for another process, with its input and its result in a folder.

use crate::{Input, PhotoFolder, RenderError, Typefaces, render};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// A folder with the input of a report, its photos and, in the end, its file.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a>(pub &'a Path);

/// Answer of a process that carried out a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Number of pages.
    pub pages: usize,
}

/// Reason why a task could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// A file of the task cannot be read or written.
    #[error("a file of the report's folder cannot be read or written")]
    Io(#[from] io::Error),
    /// The input is not that of a report.
    #[error("the report's input cannot be read")]
    Input(#[from] serde_json::Error),
    /// The report cannot be made.
    #[error(transparent)]
    Render(#[from] RenderError),
}

impl Task<'_> {
    /// Writes the input and the list of installed typefaces into the folder, and creates the folder
    /// for the photos.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn prepare(self, input: &Input) -> Result<(), TaskError> {
        fs::create_dir(self.photos().0)?;
        let mut file = BufWriter::new(File::create(self.input())?);
        serde_json::to_writer(&mut file, &(input, Typefaces::installed()))?;
        Ok(file.flush()?)
    }

    /// Returns the folder for the photos.
    pub fn photos(self) -> PhotoFolder {
        PhotoFolder(self.0.join("photos"))
    }

    /// Returns the file of the finished report.
    pub fn pdf(self) -> PathBuf {
        self.0.join("report.pdf")
    }

    fn input(self) -> PathBuf {
        self.0.join("report.json")
    }

    /// Makes the report from the contents of the folder.
    ///
    /// # Errors
    /// If a file cannot be read or written, or the report cannot be made.
    pub fn carry_out(self) -> Result<Rendered, TaskError> {
        let (input, typefaces): (Input, Typefaces) =
            serde_json::from_slice(&fs::read(self.input())?)?;
        let mut file = BufWriter::new(File::create(self.pdf())?);
        let pages = render(&input, &self.photos(), &typefaces, &mut file)?;
        file.flush()?;
        Ok(Rendered { pages })
    }
}
