namespace IotOps.Fleet.History;

/// <summary>Chooses the one key that LookupEvents takes.</summary>
internal static class HistoryKey
{
    private const int AccessKeyLength = 20;

    public static EventHistoryQuery Choose(TrailQuery query)
    {
        (EventHistoryKey, string)? key =
            query.Who is { Length: AccessKeyLength } who && IsPlain(who) && (who.StartsWith("AKIA", StringComparison.Ordinal) || who.StartsWith("ASIA", StringComparison.Ordinal))
                ? (EventHistoryKey.AccessKeyId, who)
                : ByApi(query.What) ?? (query.WritesOnly ? (EventHistoryKey.ReadOnly, "false") : null);
        return new EventHistoryQuery { Since = query.Since, Until = query.Until, Key = key?.Item1, Value = key?.Item2 };
    }

    // Names of APIs begin with a capital; LookupEvents, unlike a query, tells upper from lower case.
    private static (EventHistoryKey, string)? ByApi(string? what)
    {
        if (what is null || what.Contains(','))
        {
            return null;
        }

        int colon = what.IndexOf(':');
        string name = what[(colon + 1)..].Trim();
        if (name.Length > 0 && IsPlain(name) && char.IsAsciiLetterUpper(name[0]))
        {
            return (EventHistoryKey.EventName, name);
        }

        string service = colon < 0 ? "" : what[..colon].Trim();
        return service.Length > 0 && IsPlain(service) && !service.Any(char.IsAsciiLetterUpper) ? (EventHistoryKey.EventSource, service + ".amazonaws.com") : null;
    }

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAny('*', '?', '\\');
}
