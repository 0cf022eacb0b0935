using System.Globalization;
using System.Text.RegularExpressions;

namespace IotOps.Slack.Commands;

/// <summary>
/// <c>hours=08:00..10:30</c>, <c>contains="some text"</c> and <c>matches="err(or)?"</c>: taken out of the text before it is split into words, because what is quoted may hold
/// blanks and commas.
/// </summary>
internal sealed class FilterWords
{
    private const int MostChars = 200;

    private static readonly string[] Names = ["hours", "contains", "matches"];
    private static readonly string[] Times = ["H:mm", "HH:mm", "%H", "HH"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>The first time of each day; null from its beginning.</summary>
    public TimeOnly? From { get; private set; }

    /// <summary>The first time that counts no more; null until the day's end.</summary>
    public TimeOnly? Until { get; private set; }

    /// <summary>Text to be found; null for any.</summary>
    public string? Contains => Kept("contains");

    /// <summary>Expression to match; null for any.</summary>
    public string? Matches => Kept("matches");

    /// <summary>What is left of the text without them.</summary>
    public string Rest { get; private set; } = "";

    /// <summary>What is wrong with them.</summary>
    public List<string> Problems { get; } = [];

    public static FilterWords Read(string text)
    {
        var words = new FilterWords();
        words.Rest = words.TakeAll(text);
        words.Check();
        return words;
    }

    /// <summary>The filters of a query as they are typed, each with a blank before it.</summary>
    public static string ToText(LogExportQuery query)
    {
        string hours = query.FromTime is null && query.UntilTime is null ? "" : $" hours={ToText(query.FromTime)}..{ToText(query.UntilTime)}";
        return hours + ToText("contains", query.Contains) + ToText("matches", query.Matches);
    }

    private static string ToText(TimeOnly? time) => time?.ToString("HH':'mm", CultureInfo.InvariantCulture) ?? "";

    // As Slack sends it: its own escapes are undone when it is read.
    private static string ToText(string name, string? value)
    {
        char quote = value?.Contains('"', StringComparison.Ordinal) == true ? '\'' : '"';
        return value is null ? "" : $" {name}={quote}{SlackText.Escape(value)}{quote}";
    }

    private string TakeAll(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if ((at > 0 && text[at - 1] != ' ')
                || Names.FirstOrDefault(name => text.AsSpan(at).StartsWith(name + "=", StringComparison.OrdinalIgnoreCase)) is not { } found)
            {
                continue;
            }

            int begin = at + found.Length + 1;
            char quote = begin < text.Length && text[begin] is '"' or '\'' ? text[begin] : ' ';
            int value = quote == ' ' ? begin : begin + 1;
            int end = value <= text.Length ? text.IndexOf(quote, value) : -1;
            if (quote != ' ' && end < 0)
            {
                Problems.Add($"'{found}' lacks its closing quote.");
            }

            int stop = end < 0 ? text.Length : end;
            if (!_values.TryAdd(found, text[Math.Min(value, stop)..stop]))
            {
                Problems.Add($"'{found}' stands there twice.");
            }

            text = $"{text[..at]} {(end < 0 ? "" : text[(end + 1)..])}";
            at = -1;
        }

        return text;
    }

    private void Check()
    {
        if (_values.TryGetValue("hours", out string? hours) && !TryHours(hours))
        {
            Problems.Add($"'{Quote.Of(hours)}' are no hours: hours=08:00..10:30, UTC, the first one first.");
            (From, Until) = (null, null);
        }

        foreach (string name in Names.Skip(1).Where(_values.ContainsKey))
        {
            if (_values[name].Length is 0 or > MostChars || (_values[name].Contains('"', StringComparison.Ordinal) && _values[name].Contains('\'', StringComparison.Ordinal)))
            {
                Problems.Add($"'{name}' has 1 to {MostChars} characters, and no quotes of both kinds.");
                _values.Remove(name);
            }
        }

        if (Matches is { } pattern && !IsExpression(pattern))
        {
            Problems.Add($"'{Quote.Of(pattern)}' is no regular expression that can be used: without look-around and back references.");
            _values.Remove("matches");
        }
    }

    private bool TryHours(string text)
    {
        if (text.Split("..") is not [var from, var until] || text.Length <= 2)
        {
            return false;
        }

        if (from.Length > 0)
        {
            if (!TryTime(from, out TimeOnly first))
            {
                return false;
            }

            From = first == TimeOnly.MinValue ? null : first;
        }

        if (until is not ("" or "24" or "24:00"))
        {
            if (!TryTime(until, out TimeOnly last) || last <= (From ?? TimeOnly.MinValue))
            {
                return false;
            }

            Until = last;
        }

        return true;
    }

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static bool IsExpression(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private string? Kept(string name) => _values.GetValueOrDefault(name);
}
