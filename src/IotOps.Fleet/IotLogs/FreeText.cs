using System.Text;
using System.Text.RegularExpressions;

namespace IotOps.Fleet.IotLogs;

/// <summary>Log lines that are no JSON: a time at the beginning, if there is one, and a word that says how bad.</summary>
internal static partial class FreeText
{
    private const int LongestTime = 40;

    public static IotLogEntry Read(string line, DateTimeOffset? eventTime)
    {
        Match time = Time().Match(line.Length > LongestTime ? line[..LongestTime] : line);
        return new IotLogEntry
        {
            Time = (time.Success ? LogTime.Read(Encoding.ASCII.GetBytes(time.Groups["time"].Value)) : null) ?? eventTime,
            IsError = Error().IsMatch(line),
            Details = time.Success ? line[time.Length..].TrimStart() : line,
        };
    }

    [GeneratedRegex(@"^\[?(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[-+]\d\d:?\d\d)?)\]?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<![0-9A-Za-z])(ERROR|FATAL|CRITICAL|SEVERE|EMERG|ALERT|CRIT|Error|error|fatal|critical|Exception)(?![0-9A-Za-z])|(?<=\w)Exception(?![0-9A-Za-z])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Error();
}
