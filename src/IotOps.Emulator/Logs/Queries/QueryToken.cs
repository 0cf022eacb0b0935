namespace IotOps.Emulator.Logs.Queries;

/// <summary>A word of a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A name or text without its quotes, a regular expression without its slashes, a number or symbol as written.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text)
{
    public bool IsSymbol(string symbol) => Kind == QueryTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == QueryTokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
