namespace IotOps.Slack.Commands;

/// <summary>What a user typed, short enough to be said back.</summary>
internal static class Quote
{
    private const int MaxChars = 60;

    public static string Of(string word) =>
        word.Length <= MaxChars ? word : string.Concat(word.AsSpan(0, char.IsHighSurrogate(word[MaxChars - 1]) ? MaxChars - 1 : MaxChars), "…");
}
