using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Jobs;

/// <summary>One export of <see cref="InProcessExportJobs"/>, from its place in the queue to its end.</summary>
internal sealed class RunningExport(string name, LogExportRequest request) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private ExportJobStatus _status = ExportJobStatus.Waiting;
    private string? _reason;

    public string Name { get; } = name;

    public bool HasEnded
    {
        get { lock (_lock) { return _status is ExportJobStatus.Succeeded or ExportJobStatus.Failed; } }
    }

    public ExportJob ToJob()
    {
        lock (_lock) { return new ExportJob(Name, Name, _status) { Reason = _reason }; }
    }

    public Task CancelAsync(string reason)
    {
        lock (_lock)
        {
            switch (_status)
            {
                case ExportJobStatus.Waiting:
                    // Its place in the queue stays taken until a worker comes to it and passes it over.
                    _status = ExportJobStatus.Failed;
                    _reason = reason;
                    return Task.CompletedTask;
                case ExportJobStatus.Running:
                    _reason = reason;
                    return _cancel.CancelAsync();
                default:
                    return Task.CompletedTask;
            }
        }
    }

    /// <summary>Never throws: how it went is the job's status.</summary>
    public async Task RunAsync(Func<LogExportRequest, CancellationToken, Task> export, ILogger logger)
    {
        lock (_lock)
        {
            if (_status != ExportJobStatus.Waiting)
            {
                return;
            }

            _status = ExportJobStatus.Running;
        }

        try
        {
            await export(request, _cancel.Token).ConfigureAwait(false);
            End(ExportJobStatus.Succeeded, null);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            End(ExportJobStatus.Failed, null);
        }
#pragma warning disable CA1031 // Whatever an export fails with is the outcome of that job, and must not end the worker of all others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ExportFailed(logger, Name, e);
            End(ExportJobStatus.Failed, e.Message);
        }
    }

    public void Dispose() => _cancel.Dispose();

    private void End(ExportJobStatus status, string? reason)
    {
        lock (_lock)
        {
            _status = status;
            _reason = status == ExportJobStatus.Succeeded ? null : reason ?? _reason;
        }
    }
}
