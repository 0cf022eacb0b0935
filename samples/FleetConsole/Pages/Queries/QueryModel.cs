using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Queries;

/// <summary>A fleet query over the things that the console knows: what it means before anything is asked, then who it finds and who it barely misses.</summary>
public sealed record QueryModel(string Text, FleetQuery? Query, string? Problem, bool WasRun, long Looked, IReadOnlyList<string> Hits, long HitCount, IReadOnlyList<FleetQueryVerdict> NearMisses) : PageModel
{
    private const int MaxText = 1_000;
    private const int MaxListed = 200;
    private const int MaxNear = 20;

    public string Sentence =>
        Problem is not null ? $"The query cannot be: {Problem}"
        : Query is null ? "Write a query in the language of the fleet index. It is explained before it is run."
        : Answer is { Problem: { } refusal } ? $"The fleet index gave no answer: {refusal}"
        : Answer is not null ? $"{Found(Answer)} of the fleet index match{(Answer.Next is null ? "" : ", and there are more")}."
        : !WasRun ? $"{Words.Count(Query.Terms, "term")} of at most {FleetQuery.MaxTerms}. Nothing was asked yet."
        : $"{Words.Number(HitCount)} of {Words.Count(Looked, "thing")} match.";

    private string Found(IndexAnswer answer) => Words.Count(Passed + answer.Things.Count, "thing");

    /// <summary>Whether an account is configured whose index can be asked.</summary>
    public bool CanSend { get; init; }

    /// <summary>What the account's index answered; null when it was not asked.</summary>
    public IndexAnswer? Answer { get; init; }

    /// <summary>Things of the answers before this one.</summary>
    public int Passed { get; init; }

    /// <summary>Reads a query; nothing is asked.</summary>
    public static QueryModel Parse(string? text)
    {
        text = (text ?? "").Trim();
        return text.Length == 0 ? Unasked("")
            : text.Length > MaxText ? Unasked(text[..MaxText], problem: $"it is longer than {MaxText} characters.")
            : FleetQuery.TryParse(text, out FleetQuery? query, out string? problem) ? Unasked(text, query)
            : Unasked(text, problem: problem);
    }

    public static async Task<QueryModel> ReadAsync(IConsoleStore store, IQueryCollection parameters, CancellationToken cancellationToken)
    {
        QueryModel model = Parse(parameters["q"]);
        return parameters["run"] == "1" && model.Query is { } query ? await RunAsync(store, model.Text, query, cancellationToken) : model;
    }

    private static QueryModel Unasked(string text, FleetQuery? query = null, string? problem = null) => new(text, query, problem, false, 0, [], 0, []);

    private static async Task<QueryModel> RunAsync(IConsoleStore store, string text, FleetQuery query, CancellationToken cancellationToken)
    {
        long looked = 0, count = 0;
        List<string> hits = [];
        List<FleetQueryVerdict> near = [];
        await foreach (ThingFacts facts in store.ReadThingsAsync(cancellationToken))
        {
            looked++;
            using JsonDocument json = JsonDocument.Parse(facts.Json);
            FleetThing thing;
            try
            {
                thing = FleetThing.Read(json.RootElement.Clone());
            }
            catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
            {
                // One that the index would not have costs itself only.
                continue;
            }

            FleetQueryVerdict verdict = query.Explain(thing);
            if (verdict.IsHit)
            {
                count++;
                if (hits.Count < MaxListed)
                {
                    hits.Add(facts.Name);
                }
            }
            else if (verdict.IsNearMiss && near.Count < MaxNear)
            {
                near.Add(verdict);
            }
        }

        return new QueryModel(text, query, null, true, looked, hits, count, near);
    }
}
