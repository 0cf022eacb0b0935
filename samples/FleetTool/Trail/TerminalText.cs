namespace IotOps.Samples.FleetTool.Trail;

/// <summary>Text of strangers on a terminal: a user agent or a user's name is whatever somebody typed, control characters included.</summary>
internal static class TerminalText
{
    /// <summary>The text without control characters.</summary>
    public static string Printable(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001F') || text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
            ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c))
            : text;
}
