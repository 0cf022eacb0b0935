using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace IotOps.Slack;

/// <summary>Collects an interpolated string for <see cref="SlackText.Markup"/>; the compiler uses it.</summary>
[InterpolatedStringHandler]
public readonly ref struct SlackTextHandler
{
    private readonly StringBuilder _mrkdwn;

    /// <summary>Begins.</summary>
    public SlackTextHandler(int literalLength, int formattedCount) => _mrkdwn = new StringBuilder(literalLength + (16 * formattedCount));

    /// <summary>Markup.</summary>
    public void AppendLiteral(string literal) => _mrkdwn.Append(literal);

    /// <summary>Text that is escaped already.</summary>
    public void AppendFormatted(SlackText text) => _mrkdwn.Append(text.Mrkdwn);

    /// <summary>Data, in the invariant culture.</summary>
    public void AppendFormatted<T>(T value, string? format = null) =>
        _mrkdwn.Append(SlackText.Escape(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? ""));

    internal string ToMrkdwn() => _mrkdwn.ToString();
}
