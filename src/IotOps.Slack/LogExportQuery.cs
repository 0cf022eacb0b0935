using System.Globalization;
using IotOps.Slack.Commands;

namespace IotOps.Slack;

/// <summary>
/// The user asks for logs: whose, which categories, which days. Comes from <see cref="LogExportCommand.Parse"/> alone, so that what it holds was
/// checked.
/// </summary>
public sealed record LogExportQuery : LogExportCommand
{
    internal LogExportQuery(IReadOnlyList<string> identifiers, LogExportIdentifierKind kind, IReadOnlyList<string> categories, DateOnly from, DateOnly to, string? environment)
    {
        Identifier = identifiers[0];
        OtherIdentifiers = [.. identifiers.Skip(1)];
        Kind = kind;
        Categories = categories;
        From = from;
        To = to;
        Environment = environment;
    }

    /// <summary>
    /// 1-128 characters of <c>a-z A-Z 0-9 : _ - . / @ # +</c>, as typed. It does not begin with <c>--</c>, is not <c>-h</c>, and has no <c>.</c>, <c>..</c> or nothing between slashes: it is no option
    /// of a program and no other folder.
    /// </summary>
    public string Identifier { get; }

    /// <summary>More devices, at most 19, each once; empty for one.</summary>
    public IReadOnlyList<string> OtherIdentifiers { get; }

    /// <summary>First time of each day, UTC; null from its beginning.</summary>
    public TimeOnly? FromTime { get; internal init; }

    /// <summary>The first time of each day that counts no more, UTC; null until its end.</summary>
    public TimeOnly? UntilTime { get; internal init; }

    /// <summary>Text that a record must have in it; null for any.</summary>
    public string? Contains { get; internal init; }

    /// <summary>A .NET regular expression, without look-around and back references, that must match in a record; null for any.</summary>
    public string? Matches { get; internal init; }

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
        $"{string.Join(',', [Identifier, .. OtherIdentifiers])} {string.Join(',', Categories)} {Date}{(Environment is null ? "" : " " + Environment)}{FilterWords.ToText(this)}";
}
