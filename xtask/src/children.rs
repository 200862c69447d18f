//! Child processes. None outlives this program: each is ended when its [`Running`] is dropped, and
//! all of them when this program is interrupted or terminated.

use anyhow::Result;
use std::io;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};

/// Running child process with its descendants.
pub(crate) struct Running(Child);

/// Starts a program.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Running> {
    platform::spawn(command).map(Running)
}

/// Starts a program and waits for its end.
pub(crate) fn status(command: &mut Command) -> io::Result<ExitStatus> {
    spawn(command)?.wait()
}

/// Installs signal handlers that end all child processes and then this program.
pub(crate) fn end_with_this_program() -> Result<()> {
    platform::end_with_this_program()
}

impl Running {
    /// Returns its standard output, if it is piped.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Returns its standard error, if it is piped.
    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.0.stderr.take()
    }

    /// Returns its exit status, if it has ended.
    pub(crate) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let status = self.0.try_wait();
        if !matches!(status, Ok(None)) {
            platform::forget(&self.0);
        }
        status
    }

    /// Waits until it ends.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.0.wait();
        platform::forget(&self.0);
        status
    }

    /// Asks it to terminate, and kills it after five seconds.
    pub(crate) fn end(&mut self) {
        if matches!(self.try_wait(), Ok(None)) {
            platform::end(&mut self.0);
            platform::forget(&self.0);
        }
    }

    /// Interrupts it with SIGINT, on which PostgreSQL shuts down without waiting for clients.
    pub(crate) fn interrupt(&mut self) {
        platform::interrupt(&self.0);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Process control on Unix. Each program leads its own process group, so that signals also reach
/// its descendants: npx starts Playwright, which starts the server.
#[cfg(unix)]
mod platform {
    use anyhow::{Context, Result};
    use rustix::process::{
        Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpid,
    };
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, exit};
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::thread;
    use std::time::{Duration, Instant};

    const PATIENCE: Duration = Duration::from_secs(5);
    const PAUSE: Duration = Duration::from_millis(20);

    static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

    fn groups() -> MutexGuard<'static, Vec<Pid>> {
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
        // The list is locked while the program starts, so that a signal handler finds it there.
        let mut groups = groups();
        let child = command.process_group(0).spawn()?;
        groups.push(Pid::from_child(&child));
        Ok(child)
    }

    /// Removes a process that has ended from the list.
    ///
    /// Once this program is being terminated, this never returns, because the signal handler keeps
    /// the list locked: it has waited for the process itself, so that the caller has an error
    /// instead of a status, and must not act on it.
    pub(super) fn forget(child: &Child) {
        let ended = Pid::from_child(child);
        groups().retain(|group| *group != ended);
    }

    pub(super) fn interrupt(child: &Child) {
        // An error means that it has already ended.
        let _ = kill_process_group(Pid::from_child(child), Signal::INT);
    }

    pub(super) fn end(child: &mut Child) {
        end_all(&[Pid::from_child(child)]);
        let _ = child.wait();
    }

    /// Asks the groups to terminate, and kills those that remain after a delay.
    fn end_all(groups: &[Pid]) {
        for group in groups {
            let _ = kill_process_group(*group, Signal::TERM);
        }
        let patience = Instant::now() + PATIENCE;
        while groups.iter().any(|group| is_running(*group)) {
            if Instant::now() > patience {
                for group in groups {
                    let _ = kill_process_group(*group, Signal::KILL);
                }
                return;
            }
            thread::sleep(PAUSE);
        }
    }

    fn is_running(group: Pid) -> bool {
        // A leader that has ended counts as running until it is waited for.
        let _ = waitpid(Some(group), WaitOptions::NOHANG);
        test_kill_process_group(group).is_ok()
    }

    pub(super) fn end_with_this_program() -> Result<()> {
        let mut signals =
            Signals::new([SIGHUP, SIGINT, SIGTERM]).context("signals cannot be handled")?;
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // The list stays locked until the exit, so that no more programs start.
                let groups = groups();
                end_all(&groups);
                exit(128 + signal);
            }
        });
        Ok(())
    }
}

#[cfg(not(unix))]
mod platform {
    use anyhow::Result;
    use std::io;
    use std::process::{Child, Command};

    pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
        command.spawn()
    }

    pub(super) fn forget(_: &Child) {}

    pub(super) fn interrupt(_: &Child) {}

    pub(super) fn end(child: &mut Child) {
        let _ = child.kill();
        let _ = child.wait();
    }

    pub(super) fn end_with_this_program() -> Result<()> {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use rustix::process::{Pid, Signal, kill_process, test_kill_process};
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;
    use std::thread;
    use std::time::{Duration, Instant};

    /// Returns a command that starts another process, prints its process id, and waits for it.
    fn nested() -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & echo pid $!; wait"]).stdout(Stdio::piped());
        command
    }

    fn pid(output: impl Read) -> Pid {
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let number = lines.find_map(|line| line.split("pid ").nth(1)?.parse().ok());
        number.and_then(Pid::from_raw).expect("a process id")
    }

    fn wait_for_end(pid: Pid) {
        let patience = Instant::now() + Duration::from_secs(20);
        while test_kill_process(pid).is_ok() {
            assert!(Instant::now() < patience, "{pid:?} still runs");
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn a_program_ends_with_all_that_it_started() {
        let mut running = spawn(&mut nested()).unwrap();
        let inner = pid(running.stdout().unwrap());
        drop(running);
        wait_for_end(inner);
    }

    /// Starts a program and waits; the next test runs and terminates it.
    #[test]
    #[ignore = "waits until it is terminated"]
    fn program_to_terminate() {
        end_with_this_program().unwrap();
        let mut running = spawn(&mut nested()).unwrap();
        let inner = pid(running.stdout().unwrap());
        println!("pid {}", inner.as_raw_nonzero());
        running.wait().unwrap();
        // The signal handler's thread ends the process.
        thread::park();
    }

    #[test]
    fn what_was_started_ends_when_this_program_is_terminated() {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args([
            "--ignored",
            "--exact",
            "--nocapture",
            "children::tests::program_to_terminate",
        ]);
        let mut outer = program.stdout(Stdio::piped()).spawn().unwrap();
        let inner = pid(outer.stdout.as_mut().unwrap());
        kill_process(Pid::from_child(&outer), Signal::TERM).unwrap();
        assert_eq!(outer.wait().unwrap().code(), Some(128 + 15));
        wait_for_end(inner);
    }
}
