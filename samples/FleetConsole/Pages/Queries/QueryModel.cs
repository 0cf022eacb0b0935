using System.Text.Json;
using IotOps.Fleet;
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
        : !WasRun ? $"{Words.Count(Query.Terms, "term")} of at most {FleetQuery.MaxTerms}. Nothing was asked yet."
        : $"{Words.Number(HitCount)} of {Words.Count(Looked, "thing")} match.";

    public static async Task<QueryModel> ReadAsync(IConsoleStore store, IQueryCollection parameters, CancellationToken cancellationToken)
    {
        string text = ((string?)parameters["q"] ?? "").Trim();
        bool isRun = parameters["run"] == "1";
        if (text.Length == 0)
        {
            return new QueryModel("", null, null, false, 0, [], 0, []);
        }

        if (text.Length > MaxText)
        {
            return new QueryModel(text[..MaxText], null, $"it is longer than {MaxText} characters.", false, 0, [], 0, []);
        }

        if (!FleetQuery.TryParse(text, out FleetQuery? query, out string? problem))
        {
            return new QueryModel(text, null, problem, false, 0, [], 0, []);
        }

        return isRun ? await RunAsync(store, text, query, cancellationToken) : new QueryModel(text, query, null, false, 0, [], 0, []);
    }

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
