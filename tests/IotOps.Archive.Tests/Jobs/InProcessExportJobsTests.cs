using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Tests.Jobs;

public sealed class InProcessExportJobsTests : IAsyncDisposable
{
    private readonly Exports _exports = new();
    private readonly ManualTimeProvider _time = new();
    private readonly JobLog _log = new();
    private readonly InProcessExportJobs _jobs;

    public InProcessExportJobsTests() =>
        _jobs = new InProcessExportJobs(_exports.RunAsync, new InProcessExportJobsOptions { QueueLimit = 1, RememberedJobs = 2, TimeProvider = _time, LoggerFactory = _log });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    public async Task An_export_waits_runs_and_succeeds()
    {
        Exports.Run first = _exports.Expect("a");
        Exports.Run second = _exports.Expect("b");

        (await SubmitAsync("a")).Id.ShouldBe("a");
        await first.Started.WaitAsync(Cancel);
        (await SubmitAsync("b")).Status.ShouldBe(ExportJobStatus.Waiting);
        (await _jobs.FindAsync("a", Cancel))!.Status.ShouldBe(ExportJobStatus.Running);

        first.End.SetResult();
        await second.Started.WaitAsync(Cancel);
        (await _jobs.FindAsync("a", Cancel)).ShouldBe(new ExportJob("a", "a", ExportJobStatus.Succeeded));
    }

    [Fact]
    public async Task The_same_request_twice_is_one_job()
    {
        Exports.Run run = _exports.Expect("a");

        await Task.WhenAll(SubmitAsync("a"), SubmitAsync("a"), SubmitAsync("a"));
        await run.Started.WaitAsync(Cancel);
        run.End.SetResult();
        await EndAsync("a");
        (await SubmitAsync("a")).Status.ShouldBe(ExportJobStatus.Succeeded);

        _exports.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_failed_says_why_and_may_be_asked_for_again()
    {
        Exports.Run run = _exports.Expect("a");
        await SubmitAsync("a");
        await run.Started.WaitAsync(Cancel);
        run.End.SetException(new IOException("disk full"));
        (await EndAsync("a")).ShouldBe(new ExportJob("a", "a", ExportJobStatus.Failed) { Reason = "disk full" });

        Exports.Run again = _exports.Expect("a");
        (await SubmitAsync("a")).Status.ShouldBe(ExportJobStatus.Waiting);
        await again.Started.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_failed_export_is_logged_with_its_error()
    {
        Exports.Run run = _exports.Expect("a");
        await SubmitAsync("a");
        run.End.SetException(new IOException("disk full"));
        await EndAsync("a");

        (LogLevel level, string text, Exception? exception) = _log.Entries.ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Error);
        text.ShouldBe("Export a failed");
        exception.ShouldBeOfType<IOException>().Message.ShouldBe("disk full");
    }

    [Fact]
    public async Task A_cancelled_export_and_one_that_succeeds_are_not_logged_as_failures()
    {
        Exports.Run cancelled = _exports.Expect("a");
        await SubmitAsync("a");
        await cancelled.Started.WaitAsync(Cancel);
        await _jobs.CancelAsync("a", "not needed any more", Cancel);
        await EndAsync("a");
        Exports.Run run = _exports.Expect("b");
        await SubmitAsync("b");
        run.End.SetResult();
        await EndAsync("b");

        _log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Beyond_the_queue_one_is_refused_and_counted()
    {
        Exports.Run run = _exports.Expect("a");
        await SubmitAsync("a");
        await run.Started.WaitAsync(Cancel);
        await SubmitAsync("b");

        ExportQueueFullException e = await Should.ThrowAsync<ExportQueueFullException>(() => SubmitAsync("c"));

        e.Limit.ShouldBe(1);
        _jobs.Refused.ShouldBe(1);
        (await _jobs.FindAsync("c", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_cancelled_export_ends_for_the_reason_given()
    {
        Exports.Run run = _exports.Expect("a");
        await SubmitAsync("a");
        await run.Started.WaitAsync(Cancel);
        await SubmitAsync("b");

        await _jobs.CancelAsync("b", "not needed", Cancel);
        await _jobs.CancelAsync("a", "wrong day", Cancel);

        (await _jobs.FindAsync("b", Cancel)).ShouldBe(new ExportJob("b", "b", ExportJobStatus.Failed) { Reason = "not needed" });
        (await EndAsync("a")).ShouldBe(new ExportJob("a", "a", ExportJobStatus.Failed) { Reason = "wrong day" });
        _exports.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_end_cancels_what_runs_and_waits_for_it()
    {
        Exports.Run run = _exports.Expect("a");
        await SubmitAsync("a");
        await run.Started.WaitAsync(Cancel);
        await SubmitAsync("b");

        await _jobs.DisposeAsync();

        run.WasCancelled.ShouldBeTrue();
        (await _jobs.FindAsync("a", Cancel)).ShouldBe(new ExportJob("a", "a", ExportJobStatus.Failed) { Reason = "The process was stopped." });
        (await _jobs.FindAsync("b", Cancel))!.Status.ShouldBe(ExportJobStatus.Failed);
        await Should.ThrowAsync<ObjectDisposedException>(() => SubmitAsync("c"));
    }

    [Fact]
    public async Task The_end_waits_no_longer_than_it_may_for_an_export_that_does_not_stop()
    {
        Exports.Run run = _exports.Expect("a");
        run.IsDeaf = true;
        await SubmitAsync("a");
        await run.Started.WaitAsync(Cancel);

        ValueTask end = _jobs.DisposeAsync();
        end.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(25));

        await end;
        run.End.SetResult();
    }

    [Fact]
    public async Task The_oldest_ended_jobs_are_forgotten()
    {
        foreach (string name in (string[])["a", "b", "c"])
        {
            Exports.Run run = _exports.Expect(name);
            await SubmitAsync(name);
            await run.Started.WaitAsync(Cancel);
            run.End.SetResult();
            await EndAsync(name);
        }

        Exports.Run last = _exports.Expect("d");
        await SubmitAsync("d");
        await last.Started.WaitAsync(Cancel);
        (await _jobs.FindAsync("a", Cancel)).ShouldBeNull();
        (await _jobs.FindAsync("c", Cancel)).ShouldNotBeNull();
    }

    private Task<ExportJob> SubmitAsync(string id) => _jobs.SubmitAsync(
        new LogExportRequest { Identifier = "THING00001", Categories = ["telemetry"], Date = new DateOnly(2023, 10, 1), Id = id }, Cancel);

    // An export's end is seen by its job a moment later, on the worker.
    private async Task<ExportJob> EndAsync(string id)
    {
        while (true)
        {
            ExportJob job = (await _jobs.FindAsync(id, Cancel))!;
            if (job.Status is ExportJobStatus.Succeeded or ExportJobStatus.Failed)
            {
                return job;
            }

            await Task.Yield();
        }
    }

    /// <summary>Exports that a test starts and ends.</summary>
    private sealed class Exports
    {
        private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Run Expect(string id)
        {
            lock (_runs) { return _runs[id] = new Run(); }
        }

        public async Task RunAsync(LogExportRequest request, CancellationToken cancellationToken)
        {
            Run run;
            lock (_runs) { run = _runs[request.Id!]; }

            Interlocked.Increment(ref _count);
            run.Begin();
            try
            {
                await (run.IsDeaf ? run.End.Task : run.End.Task.WaitAsync(cancellationToken));
            }
            catch (OperationCanceledException)
            {
                run.WasCancelled = true;
                throw;
            }
        }

        public sealed class Run
        {
            private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task Started => _started.Task;

            public bool IsDeaf { get; set; }

            public bool WasCancelled { get; set; }

            public void Begin() => _started.SetResult();
        }
    }
}
