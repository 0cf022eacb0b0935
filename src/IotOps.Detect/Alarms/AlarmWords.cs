using IotOps.Fleet;

namespace IotOps.Detect.Alarms;

/// <summary>The words of messages.</summary>
internal static class AlarmWords
{
    public static string Of(FleetAlarmKind kind) => kind switch
    {
        FleetAlarmKind.Detect => "detect",
        FleetAlarmKind.Connectivity => "connectivity",
        FleetAlarmKind.Errors => "errors",
        _ => "audit",
    };

    public static string Of(FleetAlarmState state) => state switch
    {
        FleetAlarmState.Raised => "raised",
        FleetAlarmState.Cleared => "cleared",
        _ => "invalidated",
    };

    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Low => "low",
        FindingSeverity.Medium => "medium",
        FindingSeverity.High => "high",
        FindingSeverity.Critical => "critical",
        _ => "unknown",
    };

    /// <summary>A text of somebody else's on one line, cut where it is long.</summary>
    public static string OneLine(string text, int maxChars)
    {
        string line = string.Create(Math.Min(text.Length, maxChars), text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
            }
        });
        return text.Length <= maxChars ? line : Cut(text, line);
    }

    /// <summary>A text of at most so many characters, and an ellipsis where it was longer.</summary>
    public static string Cut(string text, int maxChars) => text.Length <= maxChars ? text : Cut(text, text[..maxChars]);

    private static string Cut(string text, string kept) => $"{(char.IsHighSurrogate(text[kept.Length - 1]) ? kept.AsSpan(0, kept.Length - 1) : kept)}…";
}
