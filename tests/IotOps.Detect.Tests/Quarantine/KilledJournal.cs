namespace IotOps.Detect.Tests.Quarantine;

/// <summary>A journal whose writer may be killed before an entry is written, and after it.</summary>
internal sealed class KilledJournal(IQuarantineJournal inner, KillSwitch kill) : IQuarantineJournal
{
    public Task<IReadOnlyList<QuarantineEntry>> ReadAsync(string violationId, CancellationToken cancellationToken = default) => inner.ReadAsync(violationId, cancellationToken);

    public async Task<QuarantineStart> StartAsync(QuarantineEntry entry, DateTimeOffset since, int limit, CancellationToken cancellationToken = default)
    {
        kill.Pass();
        QuarantineStart start = await inner.StartAsync(entry, since, limit, cancellationToken);
        kill.Pass();
        return start;
    }

    public async Task<bool> AppendAsync(QuarantineEntry entry, CancellationToken cancellationToken = default)
    {
        kill.Pass();
        bool isWritten = await inner.AppendAsync(entry, cancellationToken);
        kill.Pass();
        return isWritten;
    }

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
