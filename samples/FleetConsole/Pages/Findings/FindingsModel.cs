using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Findings;

/// <summary>Findings of audits and alarms of Detect, by severity and age.</summary>
public sealed record FindingsModel(FindingSource? Source, FindingState? State, FindingSeverity? Severity, int Skip, IReadOnlyList<FindingAge> Ages, IReadOnlyList<ConsoleFinding> Findings, bool HasMore) : PageModel
{
    public const int PageSize = 50;

    public string Sentence
    {
        get
        {
            long all = Ages.Sum(age => age.All), bad = Ages.Where(age => age.Severity >= FindingSeverity.High).Sum(age => age.All), old = Ages.Sum(age => age.Older);
            return all == 0 ? "Nothing is open." : $"{Words.Number(bad)} of {Words.Count(all, "open finding")} {(bad == 1 ? "is" : "are")} high or critical; {(old == 0 ? "none is" : $"{Words.Number(old)} {(old == 1 ? "is" : "are")}")} older than 30 days.";
        }
    }

    public string Href(FindingSource? source, FindingState? state, FindingSeverity? severity, int skip = 0) => Address.Of("/findings",
    [
        new("source", source?.ToString()), new("state", state == FindingState.Open ? null : state?.ToString() ?? "all"), new("severity", severity?.ToString()), new("skip", skip == 0 ? null : skip.ToString()),
    ]);

    public static async Task<FindingsModel> ReadAsync(IConsoleStore store, IQueryCollection query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        FindingSource? source = Choice<FindingSource>("source", query["source"]);
        FindingState? state = query["state"] == "all" ? null : Choice<FindingState>("state", query["state"]) ?? FindingState.Open;
        FindingSeverity? severity = Choice<FindingSeverity>("severity", query["severity"]);
        int skip = int.TryParse(query["skip"], out int number) && number is > 0 and < 1_000_000 ? number : 0;
        IReadOnlyList<ConsoleFinding> findings = await store.ReadFindingsAsync(
            new FindingQuery
            {
                Sources = source is { } one ? [one] : [FindingSource.Audit, FindingSource.Detect],
                State = state,
                Severity = severity ?? default,
                MostSeverity = severity ?? FindingSeverity.Critical,
                Skip = skip,
                Limit = PageSize + 1,
            },
            cancellationToken);
        return new FindingsModel(source, state, severity, skip, await store.ReadFindingAgesAsync(now, source, cancellationToken), [.. findings.Take(PageSize)], findings.Count > PageSize) { IsLive = skip == 0 };
    }

    private static T? Choice<T>(string name, string? text)
        where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? null
        : Enum.TryParse(text, out T value) && Enum.IsDefined(value) ? value
        : throw new ViewException($"'{name}' is one of {string.Join(", ", Enum.GetNames<T>())}.");
}
