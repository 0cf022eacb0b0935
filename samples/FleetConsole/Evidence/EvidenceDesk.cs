using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using IotOps.Detect;
using IotOps.Samples.FleetConsole.Acts;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>
/// Makes evidence bundles beside the pages. A bundle is a file for a day, to be downloaded; it goes with the console, which is no archive.
/// </summary>
internal sealed class EvidenceDesk(
    ConsoleSettings settings, EvidenceSources sources, ActLog log, TimeProvider timeProvider, ILogger<EvidenceDesk> logger) : IHostedService
{
    /// <summary>A larger bundle is not made: its disk is the store's too.</summary>
    public const long MaxBytes = 1L << 30;

    private const int MaxRunning = 2;
    private const int MaxKept = 10;
    private const string Prefix = "evidence-e-";
    private static readonly TimeSpan KeepTime = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, EvidenceJob> _jobs = new(StringComparer.Ordinal);
    private readonly Lock _begin = new();
    private string _directory = "";

    public EvidenceJob? Find(string id) => _jobs.TryGetValue(id, out EvidenceJob? job) && !IsOver(job) ? job : null;

    /// <summary>Begins a bundle. It goes on when the browser leaves.</summary>
    /// <returns>Null when two are being made already.</returns>
    public async Task<EvidenceJob?> BeginAsync(Actor actor, EvidenceRequest request)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        string id = string.Create(CultureInfo.InvariantCulture, $"e-{now.UtcDateTime:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var job = new EvidenceJob(id, request, actor.Name, now, Path.Combine(_directory, $"evidence-{id}.zip"), new CancellationTokenSource());
        lock (_begin)
        {
            DropOld();
            if (_jobs.Values.Count(other => other.IsRunning) >= MaxRunning)
            {
                return null;
            }

            _jobs[id] = job;
        }

        try
        {
            await log.WriteAsync(actor, ActNames.Evidence, request.Thing, "begun", $"{id}: {request.Incident}, {request.Range.Since:u} to {request.Range.Until:u}");
        }
        catch
        {
            // What cannot be written down is not done.
            _jobs.TryRemove(id, out _);
            throw;
        }

        job.End = Task.Run(() => RunAsync(actor, job), CancellationToken.None);
        return job;
    }

    /// <summary>Ends a bundle before its end; nothing of it stays.</summary>
    public async Task StopAsync(Actor actor, EvidenceJob job)
    {
        if (job.IsRunning)
        {
            await log.WriteAsync(actor, ActNames.EvidenceCancel, job.Request.Thing, "granted", job.Id);
            await job.Stop.CancelAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _directory = settings.EvidenceDirectory is { } directory ? Directory.CreateDirectory(directory).FullName : Directory.CreateTempSubdirectory("fleet-console-evidence-").FullName;
        foreach (string left in Directory.EnumerateFiles(_directory, Prefix + "*.zip"))
        {
            // Of a console before this one: nobody has its address any more.
            File.Delete(left);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (EvidenceJob job in _jobs.Values.Where(job => job.IsRunning))
        {
            await job.Stop.CancelAsync();
        }

        await Task.WhenAll(_jobs.Values.Select(job => job.End)).WaitAsync(cancellationToken);
        if (!Directory.Exists(_directory))
        {
            // Whoever tidies the folder of temporary files was faster.
            return;
        }

        foreach (EvidenceJob job in _jobs.Values)
        {
            File.Delete(job.Path);
        }

        if (settings.EvidenceDirectory is null)
        {
            Directory.Delete(_directory);
        }
    }

    private async Task RunAsync(Actor actor, EvidenceJob job)
    {
        string outcome;
        try
        {
            job.Seal = await WriteAsync(job, job.Stop.Token);
            outcome = "done";
        }
        catch (OperationCanceledException) when (job.Stop.IsCancellationRequested)
        {
            (outcome, job.Problem) = ("cancelled", "It was cancelled. Nothing of it is kept.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A failure of whatever kind ends this bundle alone; its words may name paths, and go to the log only.
            logger.LogError(e, "The evidence bundle {Id} cannot be made", job.Id);
            (outcome, job.Problem) = ("failed", e is EvidenceLimitException ? e.Message : "It cannot be made; the console's log has the reason.");
        }

        if (outcome != "done")
        {
            File.Delete(job.Path);
        }

        try
        {
            await log.WriteAsync(actor, ActNames.Evidence, job.Request.Thing, outcome, $"{job.Id}: {job.Problem ?? $"SHA-256 {job.Seal!.BundleSha256}"}");
        }
        catch (IOException e)
        {
            logger.LogError("The end of {Id} cannot be written to the audit log: {Problem}", job.Id, e.Message);
        }

        job.EndedAt = timeProvider.GetUtcNow();
    }

    private async Task<EvidenceSeal> WriteAsync(EvidenceJob job, CancellationToken stop)
    {
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var output = new FileStream(job.Path, file);
        await using var writer = new EvidenceBundleWriter(output, job.Request.Incident, timeProvider);
        IReadOnlyList<EvidencePart> parts = sources.Parts(job.Request, stop);
        job.AllParts = parts.Count + 1;
        foreach (EvidencePart part in parts)
        {
            await using IAsyncEnumerator<string> lines = part.Lines.GetAsyncEnumerator(stop);
            await using var content = new LineStream(lines, () =>
            {
                job.CountLine();
                EvidenceLimitException.ThrowIfBeyond(output.Position, MaxBytes);
            });
            await writer.AddAsync(part.Kind, part.Name, content, stop);
            job.CountPart();
        }

        foreach (IReadOnlyList<QuarantineEntry> journal in await sources.QuarantinesAsync(job.Request, stop))
        {
            await writer.AddQuarantineAsync(journal, stop);
        }

        EvidenceSeal seal = await writer.CompleteAsync(stop);
        output.Flush(flushToDisk: true);
        job.CountPart();
        return seal;
    }

    private bool IsOver(EvidenceJob job) => job.EndedAt is { } ended && timeProvider.GetUtcNow() - ended >= KeepTime;

    private void DropOld()
    {
        IEnumerable<EvidenceJob> ended = _jobs.Values.Where(job => !job.IsRunning).OrderByDescending(job => job.EndedAt);
        foreach (EvidenceJob job in ended.Where((job, i) => i >= MaxKept || IsOver(job)).ToArray())
        {
            _jobs.TryRemove(job.Id, out _);
            File.Delete(job.Path);
        }
    }
}
