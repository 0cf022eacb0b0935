namespace IotOps.Archive;

/// <summary>One kind of log and where it lies in the bucket.</summary>
public sealed record LogCategory
{
    /// <summary>What users call it, such as <c>telemetry</c>: letters, digits, <c>-</c> and <c>_</c>. Names the file in the zip.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that mean the same, such as the folder's.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>
    /// Where its objects are: a key prefix with the placeholders <c>{category}</c>, <c>{identifier}</c>, <c>{yyyy}</c>, <c>{MM}</c>,
    /// <c>{dd}</c> and <c>{HH}</c>, the times being those of <see cref="TimeZone"/>. <c>commands/{identifier}/{yyyy}/{MM}/{dd}/</c> is one folder a device and
    /// day; <c>telemetry/{yyyy}/{MM}/{dd}/{HH}/</c> is what Amazon Data Firehose writes, all devices together. Without any time,
    /// as in <c>{category}/{identifier}/</c>, the objects' names must begin with the 13 digits of a Unix time in milliseconds,
    /// which is what an AWS IoT rule with <c>${topic()}/${timestamp()}</c> writes.
    /// </summary>
    public required string Prefix { get; init; }

    /// <summary>
    /// The JSON property that names a record's device, a dotted path for a nested one; other devices' records are left out. Null
    /// when <see cref="Prefix"/> holds <c>{identifier}</c>, which decides alone.
    /// </summary>
    public string? Identifier { get; init; }

    /// <summary>
    /// The JSON property that tells a record's time, a dotted path for a nested one. A number, or a text of one, is seconds, milliseconds,
    /// microseconds or nanoseconds since 1970, told by its magnitude. Other text is RFC 3339 or ISO 8601, such as <c>2023-10-01T23:59:59.9Z</c>,
    /// <c>20231001T235959+0200</c> or <c>2023-10-01 23:59:59 UTC</c>; UTC where it names no zone. What could be several times
    /// (<c>10/01/2023</c>, <c>20231001</c>) makes a record unreadable. Null when the folder alone decides the day.
    /// </summary>
    public string? Time { get; init; }

    /// <summary>
    /// The zone whose clocks name the folders, by its IANA name, such as <c>Europe/Berlin</c>: that of Firehose's custom time zone. Null is UTC. It says
    /// nothing about <see cref="Time"/>.
    /// </summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// How far a record's folder may be off from its own time, in either direction; Firehose names folders by time of delivery.
    /// Folders that far before and behind a day are read too, so that above zero <see cref="Time"/> is needed.
    /// </summary>
    public TimeSpan DeliveryDelay { get; init; }
}
