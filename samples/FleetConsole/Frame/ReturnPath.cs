namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Where a form leads back to: a page of this console, and nowhere else.</summary>
internal static class ReturnPath
{
    /// <summary>The path itself when it is one of this console; <c>/</c> otherwise.</summary>
    public static string Of(string? path) => IsLocal(path) ? path! : "/";

    // "//host" and "/\host" lead to another host in a browser, and browsers drop tabs and line ends within an address.
    private static bool IsLocal(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(static c => char.IsControl(c) || c == '\\') && Uri.TryCreate(path, UriKind.Relative, out _);
}
