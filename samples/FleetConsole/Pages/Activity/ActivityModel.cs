using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Activity;

/// <summary>Who did what, and how far the trail is proven.</summary>
public sealed record ActivityModel(
    ViewRange View, string? Actor, string? Text, string? Event, bool ShowsReads, DateTimeOffset Now, TimeRange Range, IReadOnlyList<TrailRow> Rows, IReadOnlyList<TrailHour> Hours, IReadOnlyList<TrailActor> Actors) : PageModel
{
    public const int PageSize = 50;

    public int Unverified => Hours.Count(hour => hour.Verdict != DigestVerdict.Verified);

    public bool IsVerified(DateTimeOffset time) => Hours.LastOrDefault(hour => hour.Hour <= time) is { Verdict: DigestVerdict.Verified };

    public string Sentence
    {
        get
        {
            long writes = Hours.Sum(hour => hour.Writes);
            string trust = Hours.Any(hour => hour.Verdict == DigestVerdict.Invalid) ? $"the trail was changed in {Words.Count(Hours.Count(hour => hour.Verdict == DigestVerdict.Invalid), "hour")}"
                : Hours.Any(hour => hour.Verdict == DigestVerdict.Gap) ? $"the trail has a gap in {Words.Count(Hours.Count(hour => hour.Verdict == DigestVerdict.Gap), "hour")}"
                : Unverified == 0 ? "every hour of the trail is verified" : $"{Unverified} of {Words.Count(Hours.Count, "hour")} are not verified";
            return $"{(writes == 0 ? "Nothing was written" : $"{Words.Count(writes, "write")} by {Words.Count(Actors.Count, "actor")}")}; {trust}.";
        }
    }

    public string Href(string? actor) => Address.Of("/activity", [.. View.Parameters, new("actor", actor), new("text", Text), new("reads", ShowsReads ? "1" : null)]);

    public string Next() => Address.Of("/activity", [.. View.Parameters, new("actor", Actor), new("text", Text), new("reads", ShowsReads ? "1" : null), new("after", Rows[^1].Key.ToString())]);

    public static async Task<ActivityModel> ReadAsync(IConsoleStore store, IQueryCollection query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ViewRange view = string.IsNullOrEmpty(query["range"]) && string.IsNullOrEmpty(query["from"]) ? ViewRange.Parse("24h", null, null) : ViewRange.Parse(query["range"], query["from"], query["to"]);
        TimeRange range = view.At(now, TimeSpan.FromMinutes(1));
        TimeRange hours = view.At(now, TimeSpan.FromHours(1));
        bool showsReads = query["reads"] == "1";
        string? actor = NullIfEmpty(query["actor"]), text = NullIfEmpty(query["text"]);
        var which = new TrailRowQuery(range) { IsWritesOnly = !showsReads, Actor = actor, Text = text };
        LineKey? after = NullIfEmpty(query["after"]) is not { } place ? null : LineKey.Parse(place) ?? throw new ViewException("'after' is no place in the trail; take it from a link of this console.");
        IReadOnlyList<TrailRow> rows = await store.ReadTrailAsync(which, after, PageSize, cancellationToken);
        return new ActivityModel(view, actor, text, query["event"], showsReads, now, range, rows, await store.ReadTrailHoursAsync(hours, cancellationToken), await store.ReadTrailActorsAsync(range, cancellationToken))
        {
            IsLive = view.MovesOn && after is null,
            Permalink = view.MovesOn ? Address.Of("/activity", [.. ViewRange.Of(range).Parameters, new("actor", actor), new("text", text)]) : null,
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
