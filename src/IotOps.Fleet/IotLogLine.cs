namespace IotOps.Fleet;

/// <summary>A line of a log.</summary>
/// <param name="Message">The line in UTF-8, without its end.</param>
/// <param name="Time">The log event's own time; null for a line of a file.</param>
/// <param name="EventId">The log event's id; null for a line of a file.</param>
public sealed record IotLogLine(ReadOnlyMemory<byte> Message, DateTimeOffset? Time, string? EventId);
