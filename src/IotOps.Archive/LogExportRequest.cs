namespace IotOps.Archive;

/// <summary>Which logs become one zip.</summary>
public sealed record LogExportRequest
{
    /// <summary>
    /// A thing name, client id or certificate id: 1 to 128 of <c>[a-zA-Z0-9:_-]</c>, not beginning with <c>-</c>; or
    /// <see cref="LogLayout.AllDevices"/>.
    /// </summary>
    public required string Identifier { get; init; }

    /// <summary>Categories by name or alias; each becomes one file a day.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The day, in UTC; the first one of a range.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The last day of a range, itself included; null for <see cref="Date"/> alone. At most 31 days in all.</summary>
    public DateOnly? LastDate { get; init; }

    /// <summary>
    /// True puts what could not be read of a file's objects into the zip, too, as it is: <c>telemetry_20231001.unreadable.log</c> beside
    /// <c>telemetry_20231001.log</c>, where there is any. It is every device's: what cannot be read does not say whose it is. Objects that
    /// have such records are read twice; in a sharded export all of them.
    /// </summary>
    public bool KeepUnreadable { get; init; }

    /// <summary>
    /// Names the export, so that the same request, given again after the process was killed, goes on where it was: 1 to 128 of
    /// <c>[a-zA-Z0-9_-]</c>. Null for one that begins anew each time, and is aborted when cancelled.
    /// </summary>
    public string? Id { get; init; }
}
