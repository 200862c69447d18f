//! What may come through the page's door. Photos and reports that are new have doors of their own, since
//! their hashes are the server's to say, and so have corrections: the command line. Whether what comes
//! back was ever there, the store knows.

use crate::error::AppError;
use domain::{Mutation, PhotoId};

/// Refuses a mutation that is not for this door.
///
/// # Errors
/// That it is not.
pub(super) fn admit(mutation: &Mutation) -> Result<(), AppError> {
    let admitted = match mutation {
        Mutation::Edit { .. }
        | Mutation::SetStatus { .. }
        | Mutation::AddSection { .. }
        | Mutation::RemoveSection { .. }
        | Mutation::AddEquipment { .. }
        | Mutation::Remove { .. } => true,
        Mutation::AddPhoto { photo } => photo.id != PhotoId(0),
        Mutation::Create { .. }
        | Mutation::Correct { .. }
        | Mutation::BringBack
        | Mutation::CreateReport { .. }
        | Mutation::DownloadReport { .. } => false,
    };
    if admitted {
        return Ok(());
    }
    Err(AppError::invalid("", "This cannot be done from here."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Photo;

    #[test]
    fn photos_come_back_and_new_ones_have_a_door_of_their_own() {
        let admits = |id| {
            let photo = Photo { id: PhotoId(id), ..Photo::default() };
            admit(&Mutation::AddPhoto { photo }).is_ok()
        };
        assert!(admits(5));
        assert!(!admits(0));
        assert!(admit(&Mutation::BringBack).is_err());
    }
}
