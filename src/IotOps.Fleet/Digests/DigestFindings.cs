namespace IotOps.Fleet.Digests;

/// <summary>Collects what a validation finds.</summary>
internal sealed class DigestFindings(IProgress<long>? progress)
{
    private readonly Dictionary<(string Key, DigestProblemReason Reason), DigestProblem> _problems = [];
    private readonly List<DigestGap> _gaps = [];
    private long _digests;
    private long _logs;
    private long _logBytes;
    private long _notYetListed;

    public void Add(DigestProblem problem) => _problems.TryAdd((problem.Key, problem.Reason), problem);

    public void Add(DigestGap gap) => _gaps.Add(gap);

    public void AddDigest() => _digests++;

    public void AddLog(long bytes)
    {
        _logs++;
        _logBytes += bytes;
        progress?.Report(_logs);
    }

    public void AddNotYetListed() => _notYetListed++;

    public DigestReport ToReport() => new()
    {
        Problems = [.. _problems.Values.OrderBy(problem => problem.Key, StringComparer.Ordinal).ThenBy(problem => problem.Reason)],
        Gaps = [.. _gaps.OrderBy(gap => gap.From)],
        Digests = _digests,
        Logs = _logs,
        LogBytes = _logBytes,
        NotYetListed = _notYetListed,
    };
}
