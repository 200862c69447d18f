//! Buffer on disk for an uploaded file, because many slow uploads may be in progress and each may send up to
//! [`MAX_PHOTO_BYTES`](domain::inspection::MAX_PHOTO_BYTES) bytes.

use bytes::{Bytes, BytesMut};
use std::io;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

/// Number of bytes that are buffered in memory before they are written to disk.
const GATHERED: usize = 256 * 1024;

/// Received part of a file: in memory while it is small, otherwise in an unnamed temporary file, which the
/// system removes when it is closed.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    file: Option<File>,
    gathered: BytesMut,
    length: usize,
}

impl Spool {
    /// Returns the number of bytes received.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// The temporary file cannot be created or written, for example because the disk is full.
    pub(crate) async fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len();
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() < GATHERED {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(File::from_std(tempfile::tempfile()?)),
        };
        file.write_all(&self.gathered).await?;
        self.gathered.clear();
        Ok(())
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub(crate) async fn into_bytes(self) -> io::Result<Bytes> {
        let Some(mut file) = self.file else { return Ok(self.gathered.freeze()) };
        file.flush().await?;
        file.rewind().await?;
        let mut bytes = Vec::with_capacity(self.length);
        file.read_to_end(&mut bytes).await?;
        bytes.extend_from_slice(&self.gathered);
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_of_any_length_comes_back_whole() {
        for length in [0, 1, GATHERED - 1, GATHERED, 3 * GATHERED + 7] {
            let sent: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut spool = Spool::default();
            for chunk in sent.chunks(10_007) {
                spool.push(chunk).await.expect("a temporary file");
            }
            assert_eq!(spool.length(), length);
            assert!(spool.gathered.len() < GATHERED);
            assert_eq!(spool.into_bytes().await.expect("a temporary file"), sent);
        }
    }
}
