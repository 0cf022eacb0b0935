using System.Text.RegularExpressions;

namespace IotOps.Logs;

/// <summary>An event is a line that matches the start pattern and the lines behind it that do not, joined by line feeds.</summary>
public sealed record MultiLineOptions
{
    /// <summary>
    /// Matches the first line of an event, such as <c>^\d{4}-</c>. Lines before the first match are events of their own. It must have a match
    /// time-out or be non-backtracking; a line that it cannot judge in time starts no event, and nor do the lines behind the second such one in a
    /// chunk of 256 KiB.
    /// </summary>
    public required Regex Start { get; init; }

    /// <summary>An event that has not grown for this long is complete. 5 s by default.</summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromSeconds(5);
}
