using System.Globalization;
using IotOps.Slack.Commands;

namespace IotOps.Slack;

/// <summary>
/// The user asks for logs: whose, which categories, which days. Comes from <see cref="LogExportCommand.Parse"/> alone, so that what it holds was
/// checked.
/// </summary>
public sealed record LogExportQuery : LogExportCommand
{
    internal LogExportQuery(string identifier, LogExportIdentifierKind kind, IReadOnlyList<string> categories, DateOnly from, DateOnly to, string? environment)
    {
        Identifier = identifier;
        Kind = kind;
        Categories = categories;
        From = from;
        To = to;
        Environment = environment;
    }

    /// <summary>1-128 characters of <c>a-z A-Z 0-9 : _ -</c>, the first of which is no <c>-</c>: safe as an argument of a program.</summary>
    public string Identifier { get; }

    /// <summary>What the identifier is.</summary>
    public LogExportIdentifierKind Kind { get; }

    /// <summary>Canonical names, each once, in the order of the options: equal queries have the same text however they were typed.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>First day, UTC.</summary>
    public DateOnly From { get; }

    /// <summary>Last day, UTC, itself included.</summary>
    public DateOnly To { get; }

    /// <summary>The environment; null where the options have none.</summary>
    public string? Environment { get; }

    /// <summary>Where the logs begin.</summary>
    public DateTimeOffset Start => new(From.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Where they end; that moment itself is not included.</summary>
    public DateTimeOffset End => new(To.ToDateTime(TimeOnly.MinValue).AddDays(1), TimeSpan.Zero);

    /// <summary>The window to tell the user: <c>2023-10-01 00:00 to 2023-10-02 00:00 UTC</c>.</summary>
    public string Window => string.Create(CultureInfo.InvariantCulture, $"{Start:yyyy-MM-dd HH:mm} to {End:yyyy-MM-dd HH:mm} UTC");

    /// <summary>The day or days as they are typed: <c>2023/10/01</c> or <c>2023/10/01..2023/10/03</c>.</summary>
    public string Date => DateWords.ToText(From, To);

    /// <inheritdoc/>
    public bool Equals(LogExportQuery? other) => other is not null && other.Format() == Format();

    /// <inheritdoc/>
    public override int GetHashCode() => Format().GetHashCode(StringComparison.Ordinal);

    private protected override string Format() =>
        $"{Identifier} {string.Join(',', Categories)} {Date}{(Environment is null ? "" : " " + Environment)}";
}
