using System.Globalization;
using IotOps.Shared;

namespace IotOps.Slack.Commands;

/// <summary>Days as they are typed.</summary>
internal static class DateWords
{
    // Quoted: an unquoted slash is whatever the culture puts between the parts of a date.
    public const string Format = "yyyy'/'MM'/'dd";

    private static readonly string[] Formats = [Format, "yyyy-MM-dd", "yyyyMMdd"];
    private static readonly string[] Sloppy = ["yyyy/M/d", "yyyy-M-d", "yyyy.M.d", "yyyy/MM/dd", "d.M.yyyy"];

    public static string ToText(DateOnly from, DateOnly to) =>
        from == to
            ? from.ToString(Format, CultureInfo.InvariantCulture)
            : $"{ToText(from, from)}..{ToText(to, to)}";

    /// <summary>Whether a word was meant for a date, well or badly.</summary>
    public static bool LooksLike(string word) =>
        word.Contains("..", StringComparison.Ordinal)
        || word.StartsWith("today", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("yesterday", StringComparison.OrdinalIgnoreCase)
        || (word.Length > 1 && word[0] == '-' && char.IsAsciiDigit(word[1]))
        || (word.Length >= 6 && char.IsAsciiDigit(word[0]) && word.All(c => char.IsAsciiDigit(c) || c is '/' or '-' or '.'));

    /// <summary>Puts <c>a .. b</c> together, and apart what a comma too many tied to a date.</summary>
    public static List<string> Join(IEnumerable<string> words)
    {
        var joined = new List<string>();
        bool isOpen = false;
        foreach (string typed in words)
        {
            string word = typed;
            while (word.Contains("...", StringComparison.Ordinal))
            {
                word = word.Replace("...", "..", StringComparison.Ordinal);
            }

            if (word == "-" && joined.Count > 0 && LooksLike(joined[^1]))
            {
                // "2023/10/01 - 2023/10/02", whichever dash it was.
                word = "..";
            }

            bool isDate = LooksLike(word);
            int comma = word.LastIndexOf(',');
            if (comma >= 0 && LooksLike(word[(comma + 1)..]))
            {
                joined.Add(word[..comma]);
                word = word[(comma + 1)..];
                isDate = true;
                isOpen = false;
            }
            else if (isDate && joined.Count > 0 && (isOpen || word.StartsWith("..", StringComparison.Ordinal)) && LooksLike(joined[^1]))
            {
                word = joined[^1] + word;
                joined.RemoveAt(joined.Count - 1);
            }

            isOpen = isDate && word.EndsWith("..", StringComparison.Ordinal);
            joined.Add(word);
        }

        return joined;
    }

    public static bool TryDay(string word, DateOnly today, out DateOnly day)
    {
        if (word.Equals("today", StringComparison.OrdinalIgnoreCase))
        {
            day = today;
            return true;
        }

        if (word.Equals("yesterday", StringComparison.OrdinalIgnoreCase))
        {
            day = today.AddDays(-1);
            return true;
        }

        if (word.Length is >= 3 and <= 7 && word[0] == '-' && word[^1] is 'd' or 'D' && int.TryParse(word.AsSpan(1, word.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int ago))
        {
            day = today.AddDays(-Math.Min(ago, today.DayNumber));
            return true;
        }

        return DateOnly.TryParseExact(word, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    /// <summary>What a bad date was probably meant to be; null when nobody could tell.</summary>
    public static DateOnly? Guess(string word, DateOnly today)
    {
        if (TryDay(word, today, out DateOnly day) || DateOnly.TryParseExact(word, Sloppy, CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            return day;
        }

        // 2023/02/30: the month is right, so its last day is near.
        string[] parts = word.Split('/', '-', '.');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year is >= 2000 and <= 9999
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int month) && month is >= 1 and <= 12
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int dayOfMonth)
                ? new DateOnly(year, month, Math.Clamp(dayOfMonth, 1, DateTime.DaysInMonth(year, month)))
                : EditDistance.Nearest(word, ["today", "yesterday"]) switch
                {
                    "today" => today,
                    "yesterday" => today.AddDays(-1),
                    _ => null,
                };
    }
}
