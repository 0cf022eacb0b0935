namespace IotOps.Emulator.Batch;

/// <summary>Runs the jobs, so many at once. Disposing ends those that run, within a bound.</summary>
internal sealed class BatchRunner : IAsyncDisposable
{
    private const int ExitAfterSigterm = 143;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(40);

    private readonly BatchStore _store;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _workers;

    public BatchRunner(BatchStore store, int atOnce)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        _store = store;
        _workers = Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => WorkAsync(_ended.Token))));
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        try
        {
            await _workers.WaitAsync(EndTimeout, TimeProvider.System).ConfigureAwait(false);
            _ended.Dispose();
        }
        catch (TimeoutException)
        {
            // A delegate that does not look at its token: nothing can end it, and the emulator must.
        }
    }

    /// <summary>Ends a job that runs, or one that waits.</summary>
    public void End(BatchJob job, BatchEnd end, bool alsoRunning)
    {
        if (job.Children.Count > 0)
        {
            foreach (BatchJob child in job.Children)
            {
                End(child, end, alsoRunning);
            }

            return;
        }

        CancellationTokenSource? running = null;
        _store.Change(job, j =>
        {
            if (j.Running is not null && alsoRunning)
            {
                j.IsTerminated |= end.IsAsked;
                j.End ??= end;
                running = j.Running;
                return true;
            }

            // One that waits just ends; the worker that comes to it passes it by.
            if (j.HasEnded || j.Running is not null || end.MayRetry)
            {
                return false;
            }

            j.IsCancelled = end.IsAsked && !alsoRunning;
            j.IsTerminated = end.IsAsked && alsoRunning;
            Finish(j, BatchJobStatus.Failed, end.Reason);
            return true;
        });

        // Outside the lock: what waits for the token runs here.
        running?.Cancel();
    }

    private async Task WorkAsync(CancellationToken ended)
    {
        try
        {
            await foreach (BatchJob job in _store.Runnable.ReadAllAsync(ended).ConfigureAwait(false))
            {
                await RunAsync(job, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(BatchJob job, CancellationToken ended)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ended);
        if (!Begin(job, stop))
        {
            return;
        }

        using ITimer? timer = job.AttemptDuration is { } duration
            ? _store.TimeProvider.CreateTimer(
                _ => End(job, new BatchEnd("Job attempt duration exceeded timeout", MayRetry: false), alsoRunning: true), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        int? exitCode;
        string? reason = null;
        string output = "";
        try
        {
            _store.Change(job, j =>
            {
                j.Status = BatchJobStatus.Running;
                return true;
            });
            var run = new BatchJobRun
            {
                JobId = job.Id,
                JobName = job.Name,
                Attempt = job.Attempts.Count,
                ArrayIndex = job.ArrayIndex,
                Command = job.Command,
                Environment = new Dictionary<string, string>(job.Environment, StringComparer.Ordinal) { ["AWS_BATCH_JOB_ATTEMPT"] = job.Attempts.Count.ToString() },
            };
            BatchJobDefinition definition = Runnable(job.Definition);
            (exitCode, output) = definition.Run is { } inProcess
                ? (await inProcess(run, stop.Token).ConfigureAwait(false), "")
                : await BatchProcess.RunAsync(definition, run, _store.TimeProvider, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            exitCode = ExitAfterSigterm;
        }
        catch (CannotPullException e)
        {
            exitCode = null;
            reason = e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The job's own code, whatever it is: its failure is the job's, not the emulator's.
            exitCode = 1;
            reason = e.Message;
        }

        Complete(job, exitCode, reason, output);
    }

    // Of an image, what it is here by now.
    private BatchJobDefinition Runnable(BatchJobDefinition definition)
    {
        if (definition.Image is not { } name)
        {
            return definition;
        }

        BatchImage image = _store.Registry.Images.Pull(name);
        return definition with { Run = image.Run, EntryPoint = image.EntryPoint };
    }

    private bool Begin(BatchJob job, CancellationTokenSource stop) => _store.Change(job, j =>
    {
        if (j.HasEnded)
        {
            return false;
        }

        DateTimeOffset now = _store.TimeProvider.GetUtcNow();
        j.Status = BatchJobStatus.Starting;
        j.StatusReason = null;
        j.StartedAt = now;
        j.Running = stop;
        j.End = null;
        j.Attempts.Add(new BatchAttempt(now));
        return true;
    });

    private void Complete(BatchJob job, int? exitCode, string? reason, string output) => _store.Change(job, j =>
    {
        BatchAttempt attempt = j.Attempts[^1];
        attempt.ExitCode = exitCode;
        attempt.StoppedAt = _store.TimeProvider.GetUtcNow();
        attempt.Reason = reason;
        attempt.StatusReason = j.End?.Reason ?? (exitCode is null ? "Task failed to start" : "Essential container in task exited");
        j.Output = output;
        j.Running = null;
        if (exitCode == 0 && j.End is null)
        {
            Finish(j, BatchJobStatus.Succeeded, attempt.StatusReason);
        }
        else if (j.End is not { MayRetry: false } && j.Attempts.Count < j.Retry.Attempts && j.Retry.Follows(exitCode, reason, attempt.StatusReason) && _store.TryRequeue(j))
        {
            j.Status = BatchJobStatus.Runnable;
            j.StatusReason = j.End?.Reason;
        }
        else
        {
            Finish(j, BatchJobStatus.Failed, attempt.StatusReason);
        }

        return true;
    });

    private void Finish(BatchJob job, BatchJobStatus status, string reason)
    {
        job.Status = status;
        job.StatusReason = reason;
        job.StoppedAt = _store.TimeProvider.GetUtcNow();
    }
}
