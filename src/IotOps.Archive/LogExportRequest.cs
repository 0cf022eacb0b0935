namespace IotOps.Archive;

/// <summary>Which logs become one zip.</summary>
public sealed record LogExportRequest
{
    /// <summary>
    /// A thing name, client id or certificate id: 1 to 128 of <c>[a-zA-Z0-9:_./@#+-]</c>, not beginning with <c>--</c> and without <c>.</c> or <c>..</c> or nothing
    /// between slashes; without slashes where a category has a folder a device; or <see cref="LogLayout.AllDevices"/>.
    /// </summary>
    public required string Identifier { get; init; }

    /// <summary>
    /// More devices of the same kind, at most 19: each gets a folder of its own in the zip, <see cref="Identifier"/> too, named by its identifier with <c>_</c> for what is no letter, digit, <c>-</c>, <c>_</c> or <c>.</c>. Objects
    /// that hold several devices' records are read once for each.
    /// </summary>
    public IReadOnlyList<string> OtherIdentifiers { get; init; } = [];

    /// <summary>Categories by name or alias; each becomes one file a day.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The day, by the clocks of <see cref="TimeZone"/>; the first one of a range.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The last day of a range, itself included; null for <see cref="Date"/> alone. At most 31 days in all.</summary>
    public DateOnly? LastDate { get; init; }

    /// <summary>The zone that the days are of, by its IANA name, such as <c>Europe/Berlin</c>; null is UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// The first time of each day that counts, by the clocks of <see cref="TimeZone"/>; null from its beginning. Categories without
    /// <see cref="LogCategory.Time"/> can tell no hours that are not folders of theirs.
    /// </summary>
    public TimeOnly? FromTime { get; init; }

    /// <summary>The first time of each day that counts no more, later than <see cref="FromTime"/>; null until its end.</summary>
    public TimeOnly? UntilTime { get; init; }

    /// <summary>
    /// Text that a record, or a line of what is no JSON, must have in it, upper and lower case told apart; null for any. Of JSON the bytes count as they are
    /// written, escapes too.
    /// </summary>
    public string? Contains { get; init; }

    /// <summary>
    /// A .NET regular expression that must match in a record, or in a line of what is no JSON; null for any. 1 to 1,000 characters, without look-around and
    /// back references: it is matched without backtracking, in time that is in proportion to the text.
    /// </summary>
    public string? Matches { get; init; }

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
