//! People and inspections of the server to measure.

use crate::{client::Client, server::Server};
use anyhow::{Context, Result, bail, ensure};
use std::net::SocketAddr;

/// Server address, session cookies and inspections for the requests.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// Cookie of the inspector who records.
    pub(crate) inspector: String,
    /// Cookie of an admin.
    pub(crate) admin: String,
    /// Cookies of the people who read and listen.
    pub(crate) reviewers: Vec<String>,
    /// Path of the edited inspection.
    pub(crate) edited: String,
    /// Path of the form for photos of another inspection.
    pub(crate) photos: String,
    /// Inspection whose report is created.
    pub(crate) reported: u64,
    /// Address of the form that creates a report.
    pub(crate) create_report: String,
}

impl World {
    /// Signs in people of the demo and a number of new reviewers, and starts two inspections.
    pub(crate) async fn new(server: &Server, people: usize) -> Result<Self> {
        let inspector = server.sign_in("inspector").await?;
        let admin = server.sign_in("admin").await?;
        let address = server.address;
        let mut reviewers = Vec::new();
        let mut client = Client::connect(address, &admin).await?;
        for number in 0..people {
            let name = format!("reviewer-{number}");
            let form = format!(
                "form=add&email={name}@example.org&name=Reviewer+{number}&role=reviewer&\
                 password=plumb-the-depths"
            );
            let answer = client.post("/users", &form).await?;
            ensure!(answer.status == 303, "an account was answered with {}", answer.status);
            reviewers.push(server.sign_in(&name).await?);
        }
        let mut client = Client::connect(address, &inspector).await?;
        let edited = start(&mut client, "Load").await?;
        let photos = start(&mut client, "Photos").await? + "/photos";
        let (reported, create_report) = reportable(address, &inspector).await?;
        Ok(Self { address, inspector, admin, reviewers, edited, photos, reported, create_report })
    }
}

/// Starts an inspection and returns its path.
async fn start(client: &mut Client, name: &str) -> Result<String> {
    let answer = client.post("/inspections/new", &format!("name={name}")).await?;
    let path = answer.location.context("the inspection was not started")?;
    Ok(path.split(['?', '#']).next().unwrap_or(&path).to_owned())
}

/// Returns an inspection whose inspector can create a report, and the address of the form that does.
async fn reportable(address: SocketAddr, inspector: &str) -> Result<(u64, String)> {
    let mut client = Client::connect(address, inspector).await?;
    // The id of an inspection is that of its first change, and the demo has hundreds of changes.
    for id in 1..100 {
        let page = client.get(&format!("/inspections/{id}"), "").await?.text()?;
        let form = page.split('"').find(|part| part.starts_with("/api/create_report"));
        if let Some(form) = form {
            return Ok((id, form.to_owned()));
        }
    }
    bail!("the demo has no inspection to make a report of")
}
