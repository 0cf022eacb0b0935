using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>An error of the logs.</summary>
/// <param name="Entry">What was read of it; its time is needed.</param>
/// <param name="Line">The line in UTF-8 as it was logged. Two errors with one time and one line are one error.</param>
public sealed record LogError(IotLogEntry Entry, ReadOnlyMemory<byte> Line)
{
    private const int LongestText = 2_000;

    /// <summary>Tells it from others of its time. Made with the error, by the feed that reads it, and not by the one writer of the store.</summary>
    internal long Key { get; } = RowHash.Of(Line.Span);

    /// <summary>Its details without numbers and names, for its template.</summary>
    internal string Masked { get; } = LogTemplates.Mask(Entry.Details is { Length: > LongestText } details ? details[..LongestText] : Entry.Details ?? "");
}
