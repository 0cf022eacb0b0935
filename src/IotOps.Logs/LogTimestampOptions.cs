namespace IotOps.Logs;

/// <summary>How an event's time is read from the start of its text, or from a field of its JSON. An event without a readable time takes the last one that was read
/// in its file, and its arrival time when there is none yet. The parts of an event that is split have one time.</summary>
public sealed record LogTimestampOptions
{
    /// <summary>ISO 8601 / RFC 3339: <c>2023-10-01T12:00:00.123Z</c>, a space for the T allowed, then an offset, <c>Z</c>, <c>UTC</c> or <c>GMT</c>.</summary>
    public static LogTimestampOptions Iso8601 { get; } = new() { Format = "iso8601" };

    /// <summary>RFC 3164 syslog: <c>Oct  1 12:00:00</c>, in the year that puts it nearest to now.</summary>
    public static LogTimestampOptions Syslog { get; } = new() { Format = "syslog" };

    /// <summary>
    /// <c>iso8601</c>, <c>syslog</c>, a number since 1970, or a .NET custom date and time format such as <c>yyyy-MM-dd HH:mm:ss zzz</c>, at the
    /// start of the event. <c>epoch</c> tells seconds (with or without a fraction), milliseconds, microseconds and nanoseconds by their
    /// magnitude, and takes nothing before 1973; <c>epoch-s</c>, <c>epoch-ms</c>, <c>epoch-us</c> and <c>epoch-ns</c> say which it is.
    /// </summary>
    public required string Format { get; init; }

    /// <summary>
    /// The member of a JSON object that holds the time, a string or a number: <c>time</c>, or <c>event.created</c> for one inside another.
    /// Null takes the start of the event.
    /// </summary>
    public string? JsonField { get; init; }

    /// <summary>Text between the event's start and its time, such as <c>[</c>; skipped when present.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The zone of times that carry none; the system's zone by default.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;
}
