using System.Globalization;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Digests;

/// <summary>One run of a validator.</summary>
internal sealed class DigestValidation : IDisposable
{
    private readonly DigestValidatorOptions _options;
    private readonly DigestRange _range;
    private readonly DigestFindings _findings;
    private readonly FileHasher _hasher = new();
    private readonly DigestLoader _loader;
    private readonly LogChecker _logs;

    public DigestValidation(DigestValidatorOptions options, DigestRange range, DigestFindings findings)
    {
        _options = options;
        _range = range;
        _findings = findings;
        _loader = new DigestLoader(options.Objects, new KeyRing(options.PublicKeys), _hasher, range, findings);
        _logs = new LogChecker(options.Objects, _hasher, findings, options.FetchAhead);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<TrailFolder> digests = await FoldersAsync(TrailFolder.Digests, cancellationToken).ConfigureAwait(false);
        List<TrailFolder> logs = await FoldersAsync(TrailFolder.Logs, cancellationToken).ConfigureAwait(false);
        foreach (TrailFolder folder in digests)
        {
            await ValidateAsync(folder, logs.Find(log => IsSame(log, folder)), cancellationToken).ConfigureAwait(false);
        }

        foreach (TrailFolder log in logs.Where(log => !digests.Exists(folder => IsSame(log, folder))))
        {
            await ReportNoDigestsAsync(log, new ListedLogs(), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _hasher.Dispose();

    private async Task<List<TrailFolder>> FoldersAsync(string kind, CancellationToken cancellationToken)
    {
        List<TrailFolder> folders = [];
        await foreach (TrailFolder folder in TrailFolder.FindAsync(_options.Objects, _options.Bucket, _options.Prefix, kind, cancellationToken).ConfigureAwait(false))
        {
            if ((_options.Accounts.Count == 0 || _options.Accounts.Contains(folder.Account, StringComparer.Ordinal))
                && (_options.Regions.Count == 0 || _options.Regions.Contains(folder.Region, StringComparer.Ordinal)))
            {
                folders.Add(folder);
            }
        }

        return folders;
    }

    private async Task ValidateAsync(TrailFolder folder, TrailFolder? logFolder, CancellationToken cancellationToken)
    {
        List<DigestName> names = [];
        foreach (DateOnly day in _range.Days())
        {
            await foreach (TrailObjectInfo found in _options.Objects.ListAsync(_options.Bucket, Day(folder, day), cancellationToken).ConfigureAwait(false))
            {
                if (DigestName.Parse(found.Key) is { } name && _range.Covers(name.Time))
                {
                    names.Add(name);
                }
            }
        }

        var listed = new ListedLogs();
        List<DigestChain> hourly = [];
        foreach (IGrouping<(string Stem, bool IsBackfill), DigestName> trail in names.GroupBy(name => (name.Stem, name.IsBackfill)).OrderBy(trail => trail.Key))
        {
            var chain = new DigestChain(_options.Bucket, [.. trail], _range, _loader, _findings, (digest, token) => UseAsync(digest, listed, token));
            await chain.WalkAsync(cancellationToken).ConfigureAwait(false);
            if (!trail.Key.IsBackfill)
            {
                chain.ReportNewest();
                hourly.Add(chain);
            }
        }

        if (hourly.Count > 0)
        {
            var unlisted = new UnlistedLogs(_options.Bucket, hourly, listed, _range, _findings);
            await foreach (TrailObjectInfo log in LogsAsync(logFolder, cancellationToken).ConfigureAwait(false))
            {
                unlisted.Look(log);
            }
        }
        else if (logFolder is not null)
        {
            await ReportNoDigestsAsync(logFolder, listed, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task UseAsync(Digest digest, ListedLogs listed, CancellationToken cancellationToken)
    {
        foreach (DigestLog log in digest.Logs)
        {
            listed.Add(log.Key);
        }

        return _logs.CheckAsync(digest, cancellationToken);
    }

    // Logs that were due for a digest, and not a single digest but backfills.
    private async Task ReportNoDigestsAsync(TrailFolder logFolder, ListedLogs listed, CancellationToken cancellationToken)
    {
        DateTimeOffset due = Earlier(_range.Until, _range.Now) - DigestRange.Hour;
        await foreach (TrailObjectInfo log in LogsAsync(logFolder, cancellationToken).ConfigureAwait(false))
        {
            if (TrailKey.TimeOf(log.Key) is { } time && time >= _range.Since && time < due && !listed.Contains(log.Key))
            {
                string folder = logFolder.Prefix.Replace($"/{TrailFolder.Logs}/", $"/{TrailFolder.Digests}/", StringComparison.Ordinal);
                _findings.Add(new DigestProblem(
                    _options.Bucket, folder, DigestProblemReason.NewestDigestMissing, "there are log files in the range and no digest of it; log file validation may be off"));
                return;
            }
        }
    }

    private async IAsyncEnumerable<TrailObjectInfo> LogsAsync(TrailFolder? folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (DateOnly day in folder is null ? [] : _range.Days())
        {
            await foreach (TrailObjectInfo log in _options.Objects.ListAsync(_options.Bucket, Day(folder!, day), cancellationToken).ConfigureAwait(false))
            {
                yield return log;
            }
        }
    }

    private static bool IsSame(TrailFolder log, TrailFolder digest) =>
        (log.Organization, log.Account, log.Region) == (digest.Organization, digest.Account, digest.Region);

    private static string Day(TrailFolder folder, DateOnly day) => folder.Prefix + day.ToString("yyyy'/'MM'/'dd'/'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
