using System.Globalization;

namespace IotOps.Archive.Jobs;

/// <summary>
/// The command of a job whose request says more than a job definition has parameters for: it takes the place of the definition's own, which would
/// leave the rest out without a word.
/// </summary>
internal static class JobCommand
{
    /// <summary>All devices of a request in one word.</summary>
    public static string Identifiers(LogExportRequest request) => string.Join(',', (IEnumerable<string>)[request.Identifier, .. request.OtherIdentifiers]);

    /// <summary>The command; null where the definition's says all.</summary>
    public static IReadOnlyList<string>? Of(string name, LogExportRequest request, string dates)
    {
        List<string> more = [];
        Add(more, "--time-zone", request.TimeZone);
        Add(more, "--hours", request.FromTime is null && request.UntilTime is null ? null : $"{Clock(request.FromTime)}..{Clock(request.UntilTime)}");
        Add(more, "--contains", request.Contains);
        Add(more, "--matches", request.Matches);
        if (request.KeepUnreadable)
        {
            more.Add("--keep-unreadable");
        }

        return more.Count == 0
            ? null
            : ["generate-ziplog", "--identifier", Identifiers(request), "--category", string.Join(',', request.Categories), "--date", dates, "--request", name, .. more];
    }

    private static void Add(List<string> words, string option, string? value)
    {
        if (value is not null)
        {
            words.Add(option);
            words.Add(value);
        }
    }

    private static string Clock(TimeOnly? time) => time?.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
