using IotOps.Shared;

namespace IotOps.Samples.Configuration;

/// <summary>What a mistyped word was most likely meant to be.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean 'group'?</c>, or nothing when no word is near.</summary>
    public static string For(string typed, IEnumerable<string> words) =>
        EditDistance.Nearest(typed, words) is { } near ? $"; did you mean '{near}'?" : "";
}
