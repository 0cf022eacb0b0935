using System.Runtime.CompilerServices;

namespace IotOps.Fleet.Digests;

/// <summary>Compares log files with what digests say of them.</summary>
internal sealed class LogChecker(ITrailObjects objects, FileHasher hasher, DigestFindings findings, int fetchAhead)
{
    private const string Algorithm = "SHA-256";

    /// <summary>Checks the log files of a digest, of which the next few are being requested already.</summary>
    public async Task CheckAsync(Digest digest, CancellationToken cancellationToken)
    {
        var waiting = new Queue<(DigestLog Log, Task<TrailObject?> Opened)>();
        try
        {
            foreach (DigestLog log in digest.Logs)
            {
                waiting.Enqueue((log, objects.OpenAsync(log.Bucket, log.Key, cancellationToken)));
                if (waiting.Count > fetchAhead)
                {
                    await CheckAsync(waiting, cancellationToken).ConfigureAwait(false);
                }
            }

            while (waiting.Count > 0)
            {
                await CheckAsync(waiting, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach ((_, Task<TrailObject?> opened) in waiting)
            {
                await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (opened.IsCompletedSuccessfully && await opened.ConfigureAwait(false) is { } left)
                {
                    await left.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task CheckAsync(Queue<(DigestLog Log, Task<TrailObject?> Opened)> waiting, CancellationToken cancellationToken)
    {
        (DigestLog log, Task<TrailObject?> opened) = waiting.Dequeue();
        TrailObject? found = await opened.ConfigureAwait(false);
        if (found is null)
        {
            Report(log, DigestProblemReason.LogMissing, "a digest lists it, and it is gone");
            return;
        }

        await using ConfiguredAsyncDisposable closed = found.ConfigureAwait(false);
        HashedFile file = await hasher.HashAsync(found.Body, 0, cancellationToken).ConfigureAwait(false);
        if (file.ShapeProblem is { } shape)
        {
            Report(log, shape.Reason, shape.Detail);
        }

        if (file.Hash is null)
        {
            return;
        }

        if (file.Damage is { } damage)
        {
            Report(log, DigestProblemReason.LogModified, $"its gzip is damaged: {damage}");
        }
        else if (log.Algorithm != Algorithm)
        {
            Report(log, DigestProblemReason.LogModified, $"its digest hashes with {log.Algorithm}, which is not known");
        }
        else if (!string.Equals(file.Hash, log.Hash, StringComparison.OrdinalIgnoreCase))
        {
            Report(log, DigestProblemReason.LogModified, $"its content has SHA-256 {file.Hash}, its digest says {log.Hash}");
        }
        else
        {
            findings.AddLog(hasher.Length);
        }
    }

    private void Report(DigestLog log, DigestProblemReason reason, string detail) => findings.Add(new DigestProblem(log.Bucket, log.Key, reason, detail));
}
