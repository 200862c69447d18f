//! Executor of the tasks that Leptos starts while it renders a page. Each task keeps the span of
//! its request, so that its log lines have the request's id.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument;

struct SpanExecutor;

impl CustomExecutor for SpanExecutor {
    fn spawn(&self, task: PinnedFuture<()>) {
        tokio::spawn(task.in_current_span());
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task.in_current_span());
    }

    fn poll_local(&self) {}
}

/// Sets the executor of this process. Must be called before Leptos sets its own; later calls do
/// nothing.
pub(crate) fn keep_spans_in_pages() {
    // An error means that an earlier call has set the executor.
    let _ = Executor::init_custom_executor(SpanExecutor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;
    use tracing::{Span, subscriber};

    #[tokio::test]
    async fn a_task_of_a_page_runs_in_the_span_of_its_request() {
        let _subscriber = subscriber::set_default(tracing_subscriber::registry());
        let (send, name) = oneshot::channel();
        let task = async move {
            tokio::task::yield_now().await;
            let _ = send.send(Span::current().metadata().map(|it| it.name()));
        };
        tracing::error_span!("request").in_scope(|| SpanExecutor.spawn(Box::pin(task)));
        assert_eq!(name.await, Ok(Some("request")));
    }
}
