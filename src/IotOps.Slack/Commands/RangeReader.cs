namespace IotOps.Slack.Commands;

/// <summary>Reads a day or two days with <c>..</c> between.</summary>
internal sealed class RangeReader(Vocabulary vocabulary, List<string> problems)
{
    private const string Forms = "2023/10/01, 2023-10-01, 20231001, today, yesterday, -2d, or two of them with .. between";

    private readonly DateOnly _today = vocabulary.Today;
    private readonly int _maxDays = vocabulary.Options.MaxDays;

    /// <summary>First and last day; where they are wrong, the best guess, which is always allowed.</summary>
    public (DateOnly From, DateOnly To) Read(string? word)
    {
        if (word is null)
        {
            problems.Add($"The date is missing: {Forms}.");
            return (_today, _today);
        }

        int dots = word.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            DateOnly day = Past(ReadDay(word));
            return (day, day);
        }

        DateOnly from = ReadDay(word[..dots]);
        DateOnly to = ReadDay(word[(dots + 2)..]);
        if (from > to)
        {
            problems.Add($"The range '{Quote.Of(word)}' ends before it begins.");
            (from, to) = (to, from);
        }

        to = Past(to);
        from = from > to ? to : from;
        if (to.DayNumber - from.DayNumber >= _maxDays)
        {
            problems.Add($"'{Quote.Of(word)}' are {to.DayNumber - from.DayNumber + 1} days; {_maxDays} are the limit.");
            to = from.AddDays(_maxDays - 1);
        }

        return (from, to);
    }

    private DateOnly ReadDay(string word)
    {
        if (DateWords.TryDay(word, _today, out DateOnly day))
        {
            return day;
        }

        problems.Add(word.Length == 0
            ? $"The range lacks a day before or behind the dots: {Forms}."
            : $"'{Quote.Of(word)}' is no date: {Forms}.");
        return DateWords.Guess(word, _today) ?? _today;
    }

    private DateOnly Past(DateOnly day)
    {
        if (day <= _today)
        {
            return day;
        }

        problems.Add($"{DateWords.ToText(day, day)} lies in the future: in UTC it is {DateWords.ToText(_today, _today)}.");
        return _today;
    }
}
